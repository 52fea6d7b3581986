import { endpoints, type RunDetail } from '@holdfast/contracts';
import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct, useMay } from '../client/index.ts';
import css from './run-page.module.css';
import { useSaid } from '../parts/use-said.ts';

/** What was sent to the customer; where nobody knows whether it arrived, a person says so. */
export function Sends({ run, node }: { run: RunDetail; node: string | null }) {
  const { t } = useTranslation('run');
  const said = useSaid();
  const may = useMay('runs.override');
  const settle = useAct(endpoints.settleSend, { refreshes: [endpoints.getRun] });
  const sends = run.sends.filter((send) => node === null || send.node === node);
  if (sends.length === 0) return null;
  return (
    <section className={css.section}>
      <h3>{t('sends.title')}</h3>
      {sends.map((send) => (
        <div key={send.message} className={css.send}>
          {send.text}
          <div style={{ color: send.state === 'unknown' || send.state === 'rejected' ? 'var(--bad)' : 'var(--text-3)', fontSize: 12 }}>
            {t(sendState(send.state))}
            {send.problem ? `: ${said(send.problem.detail, send.problem.said?.detail)}` : ''}
          </div>
          {may && send.state === 'unknown' ? (
            <Group gap={6} mt={6}>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => settle.mutate({ params: { id: send.message }, body: { settle: 'arrived' } })}
              >
                {t('sends.arrived')}
              </Button>
              <Button
                size="compact-xs"
                variant="light"
                onClick={() => settle.mutate({ params: { id: send.message }, body: { settle: 'send-again' } })}
              >
                {t('sends.again')}
              </Button>
            </Group>
          ) : null}
        </div>
      ))}
    </section>
  );
}

const states = ['planned', 'dispatching', 'accepted', 'rejected', 'unknown', 'cancelled'] as const;
function sendState(state: string): `sends.state.${(typeof states)[number]}` {
  return `sends.state.${states.find((known) => known === state) ?? 'planned'}`;
}
