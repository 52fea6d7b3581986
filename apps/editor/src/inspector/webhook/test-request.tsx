import { endpoints } from '@holdfast/contracts';
import type { FlowNode } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconEar, IconX } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { refresh } from '../../client/use-call.ts';
import { useAct, useMay, useRead } from '../../client/index.ts';
import { Age } from '../../parts/age.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useSaid } from '../../parts/use-said.ts';
import { TypeTree } from './type-tree.tsx';
import inspector from '../inspector.module.css';
import css from './webhook.module.css';

/** How often it is looked whether something came, while somebody waits for it. */
const lookEveryMs = 1_000;

/** Waits for a real request at the step's address and keeps it as its sample. */
export function TestRequest({ flowId, node }: { flowId: string; node: FlowNode }) {
  const { t } = useTranslation('webhook');
  const said = useSaid();
  const mayDraw = useMay('flows.write');
  const client = useQueryClient();
  const input = { params: { id: flowId }, query: { node: node.id } };
  const look = useRead(endpoints.getSample, input, { refetchInterval: lookEveryMs });
  const act = useAct(endpoints.captureSample, { refreshes: [endpoints.getSample, endpoints.sampleData], isQuiet: true });
  const isFresh = look.data?.isFresh ?? false;
  const isListening = (look.data?.isListening ?? false) && !isFresh;
  // The data picker and the preview show what came, too.
  useEffect(() => {
    if (isFresh) refresh(client, [endpoints.sampleData]);
  }, [isFresh, client]);
  const hasAddress = typeof node.config['path'] === 'string' && node.config['path'] !== '';
  const does = (what: 'listen' | 'stop' | 'forget') => act.mutate({ params: { id: flowId }, body: { node: node.id, act: what } });
  const sample = look.data?.sample ?? null;
  return (
    <section className={inspector.section} data-testid="test-request">
      <h3>{t('test.title')}</h3>
      <p>{t('test.about')}</p>
      {mayDraw ? (
        <Group gap={8} mt={8}>
          {isListening ? (
            <Button size="xs" variant="default" leftSection={<IconX size={15} stroke={1.75} />} onClick={() => does('stop')}>
              {t('test.stop')}
            </Button>
          ) : (
            <Button
              size="xs"
              leftSection={<IconEar size={15} stroke={1.75} />}
              disabled={!hasAddress}
              loading={act.isPending}
              onClick={() => does('listen')}
            >
              {t(sample === null ? 'test.listen' : 'test.again')}
            </Button>
          )}
          {sample === null || isListening ? null : (
            <Button size="xs" variant="subtle" color="gray" onClick={() => does('forget')}>
              {t('test.forget')}
            </Button>
          )}
        </Group>
      ) : null}
      {hasAddress ? null : <p>{t('test.noAddress')}</p>}
      {act.error ? (
        <div className={inspector.result}>
          <ProblemAlert error={act.error} />
        </div>
      ) : null}
      {look.error ? <ProblemAlert error={look.error} onRetry={() => void look.refetch()} /> : null}
      <div aria-live="polite">
        {isListening ? <Waiting flowId={flowId} node={node} until={look.data?.until ?? null} /> : null}
        {look.data?.problem && !isFresh ? (
          <State tone="warn" icon={<IconAlertTriangle size={16} stroke={1.75} aria-hidden />}>
            {t('test.refused', { reason: said(look.data.problem.detail) })}
          </State>
        ) : null}
        {sample === null || isListening ? null : <Kept sample={sample} isFresh={isFresh} />}
      </div>
    </section>
  );
}

function Waiting({ flowId, node, until }: { flowId: string; node: FlowNode; until: string | null }) {
  const { t } = useTranslation('webhook');
  const { data } = useRead(endpoints.getFlow, { params: { id: flowId } }, { staleTime: 30_000 });
  const isLive = data?.status === 'live' && (data.published?.nodes.some(({ config }) => config['path'] === node.config['path']) ?? false);
  return (
    <State icon={<span className={css.pulse} aria-hidden />}>
      {t('test.waiting')}
      <small>{t(isLive ? 'test.waitingLive' : 'test.waitingDraft')}</small>
      {until === null ? null : (
        <small>
          {t('test.until')} <Age at={until} />
        </small>
      )}
    </State>
  );
}

function Kept({ sample, isFresh }: { sample: JsonObject; isFresh: boolean }) {
  const { t } = useTranslation('webhook');
  return (
    <>
      <State tone="ok" icon={<IconCheck size={16} stroke={1.75} aria-hidden />}>
        {t(isFresh ? 'test.came' : 'test.kept')}
      </State>
      <TypeTree path="trigger" sample={sample} />
    </>
  );
}

function State({ tone, icon, children }: { tone?: 'ok' | 'warn'; icon: ReactNode; children: ReactNode }) {
  return (
    <div className={css.state} data-tone={tone} role={tone === 'warn' ? 'alert' : undefined}>
      {icon}
      <div>{children}</div>
    </div>
  );
}
