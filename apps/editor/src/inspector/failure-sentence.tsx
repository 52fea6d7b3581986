import type { FlowNode } from '@holdfast/graph';
import { failurePlanOf, parseDuration, type EffectDefinition, type Fallback } from '@holdfast/node-kit';
import { IconShieldHalf } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeWords } from '../canvas/node-words.ts';
import { drawnPorts } from '../canvas/drawable-config.ts';
import { useDocument } from '../document/workbench.tsx';
import { useFormat } from '../i18n/use-format.ts';
import css from './inspector.module.css';

/** What happens when the step fails, as one sentence computed from its own settings: "up to 6 attempts over about 3 min; then …; then a person". */
export function FailureSentence({ node, definition }: { node: FlowNode; definition: EffectDefinition }) {
  const { t } = useTranslation('inspector');
  const plan = useMemo(() => failurePlanOf(definition, node.config), [definition, node.config]);
  const parts = useParts();
  const ending = useLast(node, definition);
  if (!plan) return null;
  // Both always come about: nothing is left for the exit or a person.
  const last = plan.fallbacks.at(-1)?.kind;
  const isAnswered = last === 'default' || last === 'keep';
  const { attempts, overMs, isRepeatable } = plan;
  return (
    <div className={css.failure}>
      <IconShieldHalf size={16} stroke={1.5} aria-hidden />
      <p>
        <strong>{t('failure.title')}</strong> {parts({ attempts, overMs, fallbacks: plan.fallbacks, last: isAnswered ? [] : [ending] })}
        {isRepeatable ? '' : ` ${t('failure.once')}`}
      </p>
    </div>
  );
}

/** Where a step that gives up goes: by its own exit where that is drawn, else as the flow says. */
function useLast(node: FlowNode, definition: EffectDefinition): string {
  const { t } = useTranslation('inspector');
  const words = useNodeWords();
  const isDrawn = useDocument(({ file }) => file.edges.some(({ from }) => from.node === node.id && from.port === 'failed'));
  const onExhausted = useDocument(({ file }) => file.settings.onExhausted);
  const port = drawnPorts(definition, node.config)['failed'];
  if (isDrawn && port) return t('failure.leaves', { port: words.port(node.type, 'failed', port) });
  return t(onExhausted === 'end' ? 'failure.ends' : 'failure.person');
}

interface Told {
  attempts: number;
  overMs: number;
  fallbacks: readonly Fallback[];
  last: readonly string[];
}

function useParts(): (told: Told) => string {
  const { t } = useTranslation('inspector');
  const format = useFormat();
  const fallback = (each: Fallback): string =>
    each.kind === 'stale' ? t('failure.stale', { time: format.span(parseDuration(each.for)) }) : t(`failure.${each.kind}`);
  return ({ attempts, overMs, fallbacks, last }) => {
    const tries = attempts === 1 ? t('failure.oneAttempt') : t('failure.attempts', { count: attempts, time: format.span(roughly(overMs)) });
    const after = [...fallbacks.map(fallback), ...last].map((what) => t('failure.then', { what }));
    return `${[tries, ...after].join('; ')}.`;
  };
}

/** To what people would say: whole seconds below a minute and a half, then whole minutes, then whole hours. */
function roughly(ms: number): number {
  const unit = ms < 90_000 ? 1_000 : ms < 5_400_000 ? 60_000 : 3_600_000;
  return Math.max(1, Math.round(ms / unit)) * unit;
}
