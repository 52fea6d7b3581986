import { endpoints, type Channel } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBrandTelegram } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { ChannelCard } from './channel-card.tsx';
import classes from './channels-page.module.css';
import { ConnectTelegram } from './connect-telegram.tsx';

const isReal = ({ kind }: Channel): boolean => kind !== 'simulator';

/** Where people can write to the bots, and whether it works. */
export function ChannelsPage() {
  const { t } = useTranslation('channels');
  const channels = useRead(endpoints.listChannels, {});
  const mayManage = useMay('channels.manage');
  const [isConnecting, connecting] = useDisclosure(false);
  // Without one, the empty state below asks for it.
  const hasReal = channels.data?.items.some(isReal) ?? false;
  const connect =
    mayManage && hasReal ? (
      <Button onClick={connecting.open} leftSection={<IconBrandTelegram size={16} stroke={1.5} />}>
        {t('connect.label')}
      </Button>
    ) : null;
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')}>
        {connect}
      </PageHeader>
      <QueryView query={channels}>{({ items }) => <Cards items={items} mayConnect={mayManage} onConnect={connecting.open} />}</QueryView>
      <ConnectTelegram isOpen={isConnecting} onClose={connecting.close} />
    </section>
  );
}

function Cards({ items, mayConnect, onConnect }: { items: readonly Channel[]; mayConnect: boolean; onConnect: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <>
      <div className={classes.cards}>
        {items.map((channel) => (
          <ChannelCard key={channel.id} channel={channel} />
        ))}
      </div>
      {items.some(isReal) ? null : (
        <EmptyState
          drawing="channels"
          title={t('empty.title')}
          action={mayConnect ? <Button onClick={onConnect}>{t('connect.label')}</Button> : null}
        >
          {t('empty.text')}
        </EmptyState>
      )}
    </>
  );
}
