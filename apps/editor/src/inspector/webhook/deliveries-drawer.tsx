import { endpoints, type Delivery } from '@holdfast/contracts';
import type { FlowNode } from '@holdfast/graph';
import { Button, Drawer } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRepeat } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useMay } from '../../client/index.ts';
import { useReadPages } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { RowsSkeleton } from '../../parts/rows-skeleton.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import css from './webhook.module.css';

interface Props {
  flowId: string;
  node: FlowNode;
}

/** What came to one webhook's address, and the way to let it begin again. */
export function DeliveriesDrawer({ flowId, node, isOpen, onClose }: Props & { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('webhook');
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size={560} title={t('deliveries.title', { name: node.name })}>
      {isOpen ? <DeliveryList flowId={flowId} node={node} /> : null}
    </Drawer>
  );
}

/** As many as one call replays. */
const maxChosen = 100;

function DeliveryList({ flowId, node }: Props) {
  const { t } = useTranslation('webhook');
  const mayReplay = useMay('runs.override');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const read = useReadPages(endpoints.listDeliveries, { params: { id: flowId }, query: { node: node.id } });
  const replay = useReplay(flowId, () => setChosen(new Set()));
  if (read.isPending) return <RowsSkeleton />;
  if (!read.data) return <ProblemAlert error={read.error} onRetry={() => void read.refetch()} />;
  const items = read.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <EmptyState isCompact title={t('deliveries.empty')}>
        {t('deliveries.emptyText')}
      </EmptyState>
    );
  const toggle = ({ id }: Delivery) => {
    const next = new Set(chosen);
    if (!next.delete(id) && next.size < maxChosen) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <p style={{ marginBottom: 8, color: 'var(--text-2)', fontSize: 13 }}>{t('deliveries.lead')}</p>
      {chosen.size > 0 ? (
        <div className={css.bar}>
          <Button
            size="xs"
            leftSection={<IconRepeat size={15} stroke={1.75} />}
            loading={replay.isPending}
            onClick={() => replay.ask([...chosen])}
          >
            {t('deliveries.replayChosen', { count: chosen.size })}
          </Button>
        </div>
      ) : null}
      <ul className={css.list}>
        {items.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            flowId={flowId}
            delivery={delivery}
            isChosen={chosen.has(delivery.id)}
            onChoose={mayReplay ? () => toggle(delivery) : null}
            onReplay={mayReplay ? () => replay.ask([delivery.id]) : null}
          />
        ))}
      </ul>
      {read.hasNextPage ? (
        <Button mt={12} size="xs" variant="default" loading={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {t('deliveries.more')}
        </Button>
      ) : null}
    </>
  );
}

/** Asks first: what a flow does is done again. */
function useReplay(flowId: string, onDone: () => void) {
  const { t } = useTranslation('webhook');
  const confirm = useConfirm();
  const act = useAct(endpoints.replayDeliveries, {
    refreshes: [endpoints.listDeliveries],
    onDone: ({ runs }) => {
      onDone();
      notifications.show({ color: 'ok', message: t('deliveries.replayed', { count: runs.length }) });
    },
  });
  const ask = (deliveries: string[]) =>
    confirm({
      title: t('deliveries.ask', { count: deliveries.length }),
      effect: t('deliveries.askEffect'),
      confirm: t('deliveries.replayChosen', { count: deliveries.length }),
      tone: 'brand',
      onConfirm: () => act.mutate({ params: { id: flowId }, body: { deliveries } }),
    });
  return { ask, isPending: act.isPending };
}
