import { endpoints, type HeldCall, type Provider } from '@holdfast/contracts';
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { CallOrigin } from './call-origin.tsx';
import { DiscardHeldForm } from './discard-held-form.tsx';
import { queueEveryMs } from './queue-every.ts';
import classes from './queue.module.css';

const most = 50;

/** Calls of steps that wait, in their order; each run waits with its own. */
export function HeldCalls({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const mayDiscard = useMay('runs.override');
  const held = useRead(endpoints.listHeldCalls, { params: { id: provider.id }, query: { limit: most } }, { refetchInterval: queueEveryMs });
  // What the person saw is what is discarded: it stays as it was when they began.
  const [seen, setSeen] = useState<{ total: number; asOf: string } | null>(null);
  return (
    <section>
      <Group justify="space-between" mb={8}>
        <h3 className={classes.heading}>{t('held.title')}</h3>
        {mayDiscard && held.data && held.data.total > 0 ? (
          <Button size="xs" variant="default" onClick={() => setSeen(held.data)}>
            {t('held.discard', { count: held.data.total })}
          </Button>
        ) : null}
      </Group>
      <QueryView query={held}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              {t('held.none')}
            </Text>
          ) : (
            <div className={rows.card}>
              {items.map((call) => (
                <HeldRow key={`${call.position} ${call.origin?.runId ?? ''}`} call={call} />
              ))}
              {total > items.length ? <p className={classes.rest}>{t('held.rest', { count: total - items.length })}</p> : null}
            </div>
          )
        }
      </QueryView>
      <DiscardHeldForm provider={provider} seen={seen} onClose={() => setSeen(null)} />
    </section>
  );
}

const whenOf = (code: string): 'whenResumed' | 'whenMended' | 'whenBack' =>
  code === 'upstream.paused' ? 'whenResumed' : code === 'channel.token' ? 'whenMended' : 'whenBack';

function HeldRow({ call: { position, since, expectedAt, code, origin } }: { call: HeldCall }) {
  const { t } = useTranslation('providers');
  return (
    <article className={classes.call}>
      <span className={classes.position}>{position}</span>
      <div className={classes.what}>
        <CallOrigin origin={origin} />
        <p>
          {t('waitsSince')} <Age at={since} />
          {', '}
          {expectedAt ? (
            <>
              {t('goesOut')} <Age at={expectedAt} />
            </>
          ) : (
            t(whenOf(code))
          )}
        </p>
      </div>
    </article>
  );
}
