import type { RunDetail, RunStep } from '@holdfast/contracts';
import { SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useNodeWords } from '../canvas/node-words.ts';
import { BarButton } from '../canvas/zoom-bar.tsx';
import { useWorkbench } from '../document/workbench.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { DataView } from '../parts/data-view.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { RunFiles } from './run-files.tsx';
import { Sends } from './sends.tsx';
import { AnswerFrom } from './answer-from.tsx';
import { KeptFate } from './kept-fate.tsx';
import { problemOfFacts } from './timeline-sentence.ts';
import { filledIn, useStepInput } from './use-step-input.ts';
import { pretendedOf } from '../simulator/fault-kinds.ts';
import css from './run-page.module.css';

interface Props {
  run: RunDetail;
  node: string;
  steps: readonly RunStep[];
}

/** What a run did at one step: what went in, what came out, how often and how long. Several visits are one choice away. */
export function StepDetails({ run, node, steps }: Props) {
  const { t } = useTranslation('run');
  const { session } = useWorkbench();
  const [chosen, setChosen] = useState<number | null>(null);
  const name = run.file.nodes.find((candidate) => candidate.id === node)?.name ?? node;
  const index = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const step = steps[index];
  const problem = step ? (step.problem ?? problemOfFacts(step.facts)) : null;
  return (
    <>
      <section className={css.section}>
        <h3>
          {name}
          <span style={{ flex: 1 }} />
          <BarButton Icon={IconX} label={t('step.close')} onClick={() => session.getState().select([])} />
        </h3>
        {steps.length > 1 ? (
          <SegmentedControl
            size="xs"
            fullWidth
            mb={10}
            value={String(index)}
            data={steps.slice(-6).map((_, offset) => visitOption(offset + Math.max(0, steps.length - 6), t))}
            onChange={(value) => setChosen(Number(value))}
          />
        ) : null}
        {step ? (
          <StepFacts run={run} step={step} />
        ) : (
          <p style={{ color: 'var(--text-2)', fontSize: 13 }}>
            {run.timeline.some(({ entry }) => entry.kind === 'run-started' && entry.node === node)
              ? t('step.trigger')
              : t('step.notReached')}
          </p>
        )}
        {problem ? (
          <div style={{ marginTop: 12 }}>
            <ProblemAlert problem={problem} tone={step?.status === 'failed' ? 'bad' : 'warn'} />
          </div>
        ) : null}
      </section>
      {step ? (
        <StepData run={run} step={step} />
      ) : run.timeline.some(({ entry }) => entry.kind === 'run-started' && entry.node === node) ? (
        <section className={css.section}>
          <h3>{t('facts.trigger')}</h3>
          <DataView value={run.trigger} />
        </section>
      ) : null}
      <RunFiles run={run} node={node} />
      <Sends run={run} node={node} />
    </>
  );
}

const visitOption = (index: number, t: ReturnType<typeof useTranslation<'run'>>['t']) => ({
  value: String(index),
  label: t('step.visit', { number: index + 1 }),
});

function StepFacts({ run, step }: { run: RunDetail; step: RunStep }) {
  const { t } = useTranslation(['run', 'simulator']);
  const pretended = pretendedOf(step.facts);
  const { catalog } = useWorkbench();
  const format = useFormat();
  const words = useNodeWords();
  const node = run.file.nodes.find((candidate) => candidate.id === step.node);
  const definition = node && catalog[node.type];
  const port =
    step.port === null || !definition || !node
      ? step.port
      : words.port(node.type, step.port, drawnPorts(definition, node.config)[step.port] ?? { label: step.port });
  const tookMs = step.endedAt === null ? null : Date.parse(step.endedAt) - Date.parse(step.startedAt);
  return (
    <dl className={css.facts}>
      <dt>{t('step.state')}</dt>
      <dd>{t(`step.status.${step.status}`, { name: step.by ?? '' })}</dd>
      {port === null ? null : (
        <>
          <dt>{t('step.leftBy')}</dt>
          <dd>{port}</dd>
        </>
      )}
      <dt>{t('step.started')}</dt>
      <dd>{format.exact(step.startedAt)}</dd>
      {tookMs === null ? null : (
        <>
          <dt>{t('step.took')}</dt>
          <dd>{format.span(tookMs)}</dd>
        </>
      )}
      {pretended === null ? null : (
        <>
          <dt>{t('simulator:faults.step')}</dt>
          <dd>{t(`simulator:faults.kind.${pretended}`)}</dd>
        </>
      )}
      {step.attempts > 1 || step.status === 'retrying' ? (
        <>
          <dt>{t('step.attempts')}</dt>
          <dd>
            {step.maxAttempts === null || step.attempts > step.maxAttempts
              ? step.attempts
              : t('step.attemptsOf', { attempt: step.attempts, of: step.maxAttempts })}
          </dd>
        </>
      ) : null}
      <AnswerFrom facts={step.facts} />
      <KeptFate run={run} step={step} />
      {step.by ? (
        <>
          <dt>{t('step.by')}</dt>
          <dd>{step.by}</dd>
        </>
      ) : null}
    </dl>
  );
}

/** Facts that have words of their own. */
const saidAbove: ReadonlySet<string> = new Set(['problem', 'pretended', 'attempts', 'durationMs', 'isPutOff']);

function StepData({ run, step }: { run: RunDetail; step: RunStep }) {
  const { t } = useTranslation('run');
  const rebuilt = useStepInput(run, step);
  const input = step.input === null ? rebuilt : filledIn(step.input);
  const facts = Object.fromEntries(Object.entries(step.facts).filter(([key]) => !saidAbove.has(key)));
  return (
    <>
      {input === null || Object.keys(input).length === 0 ? null : (
        <section className={css.section}>
          <h3>{t('step.input')}</h3>
          {step.input === null ? (
            <p style={{ marginBottom: 8, color: 'var(--text-3)', fontSize: 12.5, lineHeight: '18px' }}>{t('step.rebuilt')}</p>
          ) : null}
          <DataView value={input} />
        </section>
      )}
      {step.output === null ? null : (
        <section className={css.section}>
          <h3>{t('step.output')}</h3>
          <DataView value={step.output} />
        </section>
      )}
      {Object.keys(facts).length === 0 ? null : (
        <section className={css.section}>
          <h3>{t('step.facts')}</h3>
          <DataView value={facts} />
        </section>
      )}
    </>
  );
}
