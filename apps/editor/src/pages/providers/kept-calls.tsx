import { endpoints, type KeptCall, type Provider } from '@holdfast/contracts';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { KeptRow } from './kept-row.tsx';
import { queueEveryMs } from './queue-every.ts';
import { SettleKeptForm, type Settling } from './settle-kept-form.tsx';
import classes from './queue.module.css';

const most = 50;

/** Calls whose steps have gone on: what a person must look at, what waits in its order, and what was last over. */
export function KeptCalls({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const mayAct = useMay('runs.override');
  const kept = useRead(endpoints.listKeptCalls, { params: { id: provider.id }, query: { limit: most } }, { refetchInterval: queueEveryMs });
  const retryAll = useAct(endpoints.retryKeptCalls, { refreshes: [endpoints.listKeptCalls, endpoints.listProviders] });
  // Of what may have been carried out each is looked at by itself.
  const unsent = (kept.data?.items ?? []).filter(
    ({ state, problem }) => state === 'stopped' && problem?.code !== 'upstream.ambiguous',
  ).length;
  const [settling, setSettling] = useState<{ call: KeptCall; as: Settling } | null>(null);
  return (
    <section>
      <Group justify="space-between" mb={8}>
        <h3 className={classes.heading}>{t('keptCalls.title')}</h3>
        {mayAct && unsent > 1 ? (
          <Button size="xs" variant="default" loading={retryAll.isPending} onClick={() => retryAll.mutate({ params: { id: provider.id } })}>
            {t('keptCalls.retryAll', { count: unsent })}
          </Button>
        ) : null}
      </Group>
      <QueryView query={kept}>
        {({ items, waiting, stopped }) => {
          const hidden = waiting + stopped - items.filter(({ state }) => state !== 'delivered' && state !== 'discarded').length;
          return items.length === 0 ? (
            <Text c="dimmed" size="sm">
              {t('keptCalls.none')}
            </Text>
          ) : (
            <div className={rows.card}>
              {isHeld(provider) ? null : <HeldUp calls={items} />}
              {items.map((call) => (
                <KeptRow key={call.id} call={call} mayAct={mayAct} onSettle={(as) => setSettling({ call, as })} />
              ))}
              {hidden > 0 ? <p className={classes.rest}>{t('held.rest', { count: hidden })}</p> : null}
            </div>
          );
        }}
      </QueryView>
      <SettleKeptForm settling={settling} onClose={() => setSettling(null)} />
    </section>
  );
}

/** All wait for the provider itself, whichever comes first. */
const isHeld = ({ state }: Provider): boolean => state === 'paused' || state === 'draining' || state === 'down';

/** One that does not go holds the others of its key up, or the whole line: who comes here should look at that one first. */
function HeldUp({ calls }: { calls: readonly KeptCall[] }) {
  const { t } = useTranslation('providers');
  const count = calls.reduce((sum, { behind }) => sum + behind, 0);
  return count === 0 ? null : <p className={`${classes.rest} ${classes.heldUp}`}>{t('keptCalls.held', { count })}</p>;
}
