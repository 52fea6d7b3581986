import { endpoints, type Channel } from '@holdfast/contracts';
import { Button, Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { ChannelCard } from './channel-card.tsx';
import classes from './channels-page.module.css';
import { ConnectEmail } from './connect-email.tsx';
import { ConnectSms } from './connect-sms.tsx';
import { ConnectTelegram } from './connect-telegram.tsx';
import { ConnectWhatsApp } from './connect-whatsapp.tsx';

/** The kinds that this page connects. */
const kinds = ['telegram', 'whatsapp', 'email', 'sms'] as const;
type Connecting = (typeof kinds)[number];

const isReal = ({ kind }: Channel): boolean => kind !== 'simulator';

/** Where people can write to the bots, and whether it works. */
export function ChannelsPage() {
  const { t } = useTranslation('channels');
  const channels = useRead(endpoints.listChannels, {});
  const mayManage = useMay('channels.manage');
  const [connecting, setConnecting] = useState<Connecting | null>(null);
  const close = () => setConnecting(null);
  // Without one, the empty state below asks for it.
  const hasReal = channels.data?.items.some(isReal) ?? false;
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')}>
        {mayManage && hasReal ? <ConnectMenu onConnect={setConnecting} /> : null}
      </PageHeader>
      <QueryView query={channels}>{({ items }) => <Cards items={items} mayConnect={mayManage} onConnect={setConnecting} />}</QueryView>
      <ConnectTelegram isOpen={connecting === 'telegram'} onClose={close} />
      <ConnectWhatsApp isOpen={connecting === 'whatsapp'} onClose={close} />
      <ConnectEmail isOpen={connecting === 'email'} onClose={close} />
      <ConnectSms isOpen={connecting === 'sms'} onClose={close} />
    </section>
  );
}

function ConnectMenu({ onConnect }: { onConnect: (kind: Connecting) => void }) {
  const { t } = useTranslation('channels');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} stroke={1.75} />}>{t('connectAny')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => (
          <Menu.Item key={kind} leftSection={<ChannelIcon kind={kind} size={16} />} onClick={() => onConnect(kind)}>
            {t(`kind.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Cards({
  items,
  mayConnect,
  onConnect,
}: {
  items: readonly Channel[];
  mayConnect: boolean;
  onConnect: (kind: Connecting) => void;
}) {
  const { t } = useTranslation('channels');
  return (
    <>
      <div className={classes.cards}>
        {items
          .toSorted((a, b) => Number(isReal(b)) - Number(isReal(a)))
          .map((channel) => (
            <ChannelCard key={channel.id} channel={channel} />
          ))}
      </div>
      {items.some(isReal) ? null : (
        <EmptyState drawing="channels" title={t('empty.title')} action={mayConnect ? <ConnectMenu onConnect={onConnect} /> : null}>
          {t('empty.text')}
        </EmptyState>
      )}
    </>
  );
}
