import { endpoints, type Channel, type MessageTemplateView } from '@holdfast/contracts';
import type { JsonValue } from '@holdfast/node-kit';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { TemplatePreview } from '../../inspector/widgets/template-preview.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { showDone } from '../../shell/show-done.ts';
import classes from './channels-page.module.css';

/** The provider's approved texts of a channel, as they read, and whether they may be used. */
export function ChannelTemplates({ channel, isOpen, onClose }: { channel: Channel; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('templates.title', { name: channel.name })} size="lg">
      {isOpen ? <Templates channel={channel} /> : null}
    </Modal>
  );
}

function Templates({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const mayManage = useMay('channels.manage');
  const templates = useRead(endpoints.listMessageTemplates, {});
  const refreshAll = useAct(endpoints.refreshMessageTemplates, {
    refreshes: [endpoints.listMessageTemplates],
    isQuiet: true,
    onDone: ({ items }) => showDone(t('templates.refreshed', { count: items.length })),
  });
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <p className={classes.kind}>{t('templates.lead')}</p>
        {mayManage ? (
          <Button
            size="xs"
            variant="default"
            flex="none"
            leftSection={<IconRefresh size={14} stroke={1.5} />}
            loading={refreshAll.isPending}
            onClick={() => refreshAll.mutate({ params: { id: channel.id } })}
          >
            {t('templates.refresh')}
          </Button>
        ) : null}
      </Group>
      {refreshAll.isError ? <ProblemAlert error={refreshAll.error} /> : null}
      <QueryView query={templates}>{({ items }) => <List items={items.filter(({ channelId }) => channelId === channel.id)} />}</QueryView>
    </Stack>
  );
}

const looks = (status: string) => {
  if (status === 'approved') return { tone: 'ok', icon: IconCheck } as const;
  return status === 'pending' ? ({ tone: 'neutral', icon: IconClock } as const) : ({ tone: 'bad', icon: IconAlertTriangle } as const);
};
const statuses = ['approved', 'pending', 'rejected', 'paused', 'disabled'] as const;
const categories = ['marketing', 'utility', 'authentication'] as const;

function List({ items }: { items: readonly MessageTemplateView[] }) {
  const { t } = useTranslation('channels');
  if (items.length === 0) return <p className={classes.kind}>{t('templates.empty')}</p>;
  return (
    <ul className={classes.templates}>
      {items.map((one) => {
        const status = statuses.find((known) => known === one.status);
        const category = categories.find((known) => known === one.category);
        return (
          <li key={`${one.name}/${one.language}`} className={classes.template}>
            <header className={classes.head}>
              <div className={classes.words}>
                <h3 className={classes.name}>{one.name}</h3>
                <p className={classes.kind}>
                  {one.language} · {category ? t(`templates.category.${category}`) : one.category}
                  {one.reason === null ? '' : ` · ${one.reason}`}
                </p>
              </div>
              <StatusBadge {...looks(one.status)}>{status ? t(`templates.status.${status}`) : one.status}</StatusBadge>
            </header>
            <TemplatePreview
              definition={{ isNamed: one.isNamed, components: one.components as JsonValue[] }} // the answer's schema says JSON
              values={{}}
            />
          </li>
        );
      })}
    </ul>
  );
}
