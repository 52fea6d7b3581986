import { endpoints, type Provider } from '@holdfast/contracts';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';

/** Calls, or messages of a channel, go on: they are resumed, or a provider that is down is tried now. */
export function useLettingGo({ name }: Pick<Provider, 'name'>) {
  const { t } = useTranslation('providers');
  const tell = (title: string, waiting: number) =>
    notifications.show({ color: 'ok', title, message: t('resumed.text', { count: waiting }) });
  const refreshes = [endpoints.listProviders, endpoints.listHeldCalls, endpoints.listKeptCalls];
  return {
    resume: useAct(endpoints.resumeProvider, { refreshes, onDone: ({ waiting }) => tell(t('resumed.title', { name }), waiting) }),
    tryNow: useAct(endpoints.tryProvider, { refreshes, onDone: () => notifications.show({ color: 'ok', message: t('tried', { name }) }) }),
  };
}
