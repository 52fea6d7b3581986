import type { KeptSummary, RunDetail, RunStep } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { titleOfProblem } from '../parts/use-problem-title.ts';

/** What became of a call that the step kept for later. */
export function KeptFate({ run, step }: { run: RunDetail; step: RunStep }) {
  const { t } = useTranslation('run');
  const { t: tProblem } = useTranslation('problems');
  const fate = useFate();
  const kept = run.keptCalls.find((call) => call.step === step.step);
  if (!kept) {
    // Those that are over are forgotten after a month.
    const isForgotten = step.facts['kept'] !== undefined && step.facts['pretended'] === undefined;
    return isForgotten ? <Line>{t('step.kept.gone')}</Line> : null;
  }
  const isOpen = kept.state === 'waiting' || kept.state === 'stopped';
  return (
    <Line>
      {fate(kept)}
      {kept.problem ? `: ${titleOfProblem(tProblem, kept.problem)}` : ''}{' '}
      {isOpen ? (
        <Link to="/providers" search={{ queue: kept.provider }}>
          {t('step.kept.look')}
        </Link>
      ) : null}
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  const { t } = useTranslation('run');
  return (
    <>
      <dt>{t('step.kept.label')}</dt>
      <dd>{children}</dd>
    </>
  );
}

function useFate(): (kept: KeptSummary) => string {
  const { t } = useTranslation('run');
  const format = useFormat();
  return ({ state, settledAt, settledBy }) => {
    if (state === 'discarded') return t('step.kept.discarded', { name: settledBy ?? '' });
    if (state !== 'delivered') return t(`step.kept.${state}`);
    if (settledBy !== null) return t('step.kept.arrived', { name: settledBy });
    return t('step.kept.delivered', { at: settledAt ? format.exact(settledAt) : '' });
  };
}
