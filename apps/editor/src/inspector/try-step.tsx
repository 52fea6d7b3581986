import { endpoints, type Endpoints } from '@holdfast/contracts';
import type { FlowNode } from '@holdfast/graph';
import { jsonObject } from '@holdfast/node-kit';
import { Button, SegmentedControl } from '@mantine/core';
import { IconArrowRight, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useNodeWords } from '../canvas/node-words.ts';
import { useAct } from '../client/index.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { DataView } from '../parts/data-view.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { CodeEditor } from './code-editor/code-editor.tsx';
import { useFormContext } from './form/form-context.tsx';
import css from './inspector.module.css';

type Outcome = z.output<Endpoints['tryStep']['response']>;

/** Runs this one step on chosen data: the known values as they are, or edited by hand. Nothing reaches a customer. */
export function TryStep({ node }: { node: FlowNode }) {
  const { t } = useTranslation('inspector');
  const { document, flowId } = useWorkbench();
  const { scope } = useFormContext();
  const [own, setOwn] = useState<string | null>(null);
  const [isUnreadable, setIsUnreadable] = useState(false);
  const trial = useAct(endpoints.tryStep, { isQuiet: true });
  if (flowId === null) return null;
  const run = () => {
    const data = own === null ? jsonObject.safeParse(JSON.parse(JSON.stringify(scope()))) : jsonObject.safeParse(parse(own));
    setIsUnreadable(!data.success);
    if (data.success) trial.mutate({ params: { id: flowId }, body: { file: document.getState().file, node: node.id, scope: data.data } });
  };
  return (
    <section className={css.section}>
      <h3>{t('try.title')}</h3>
      <p>{t('try.about')}</p>
      <SegmentedControl
        mt={8}
        mb={8}
        size="xs"
        fullWidth
        value={own === null ? 'known' : 'own'}
        data={[
          { value: 'known', label: t('try.known') },
          { value: 'own', label: t('try.own') },
        ]}
        onChange={(choice) => setOwn(choice === 'own' ? JSON.stringify(scope(), null, 2) : null)}
      />
      {own === null ? null : <CodeEditor value={own} onChange={setOwn} label={t('try.own')} language="json" isTemplate={false} />}
      {isUnreadable ? (
        <p role="alert" style={{ color: 'var(--bad)', fontSize: 12 }}>
          {t('try.unreadable')}
        </p>
      ) : null}
      <Button mt={8} size="xs" leftSection={<IconPlayerPlay size={15} stroke={1.75} />} loading={trial.isPending} onClick={run}>
        {t('try.run')}
      </Button>
      {trial.error ? (
        <div className={css.result}>
          <ProblemAlert error={trial.error} />
        </div>
      ) : null}
      {trial.data ? <TryResult node={node} outcome={trial.data} /> : null}
    </section>
  );
}

function TryResult({ node, outcome }: { node: FlowNode; outcome: Outcome }) {
  const { t } = useTranslation('inspector');
  const { catalog } = useWorkbench();
  const words = useNodeWords();
  const format = useFormat();
  const definition = catalog[node.type];
  const { wouldKeep } = outcome.facts;
  const port =
    outcome.port === null || !definition
      ? null
      : words.port(node.type, outcome.port, drawnPorts(definition, node.config)[outcome.port] ?? { label: outcome.port });
  return (
    <div className={css.result} data-testid="try-result">
      <div className={css.resultHead}>
        <IconArrowRight size={16} stroke={1.75} aria-hidden />
        {port === null ? t(outcome.problem ? 'try.failed' : 'try.waits') : t('try.leftBy', { port })}
        <time>{format.span(outcome.durationMs)}</time>
      </div>
      {outcome.problem ? <ProblemAlert problem={outcome.problem} tone="warn" /> : null}
      {typeof wouldKeep === 'string' ? <p className={css.would}>{t('try.wouldKeep', { what: wouldKeep })}</p> : null}
      {outcome.wouldSend.map((message, index) => (
        <p key={index} className={css.would} title={t('try.wouldSend')}>
          {message.text}
        </p>
      ))}
      {outcome.output === null ? null : <DataView value={outcome.output} />}
    </div>
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
