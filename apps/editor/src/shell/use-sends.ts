import { endpoints } from '@holdfast/contracts';
import { useTranslation } from 'react-i18next';
import { useMay } from '../client/session.ts';
import { useAct, useRead } from '../client/use-call.ts';
import { useConfirm } from '../parts/use-confirm.tsx';

/** The red switch: its state, and the confirmed ways to turn it. */
export function useSends() {
  const { t } = useTranslation('shell');
  const settings = useRead(endpoints.getSettings, {});
  const mayTurn = useMay('sends.pause');
  const confirm = useConfirm();
  const turn = useAct(endpoints.pauseSends, { refreshes: [endpoints.getSettings] });
  return {
    pausedAt: settings.data?.sendsPausedAt ?? null,
    pausedBy: settings.data?.sendsPausedBy ?? null,
    mayTurn,
    isTurning: turn.isPending,
    stop: () =>
      confirm({
        title: t('sends.stopTitle'),
        effect: t('sends.stopEffect'),
        confirm: t('sends.stop'),
        keep: t('sends.keep'),
        onConfirm: () => turn.mutate({ body: { paused: true } }),
      }),
    allow: () =>
      confirm({
        title: t('sends.allowTitle'),
        effect: t('sends.allowEffect'),
        confirm: t('sends.allow'),
        tone: 'brand',
        onConfirm: () => turn.mutate({ body: { paused: false } }),
      }),
  };
}
