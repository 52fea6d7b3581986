import { endpoints, type Repair } from '@holdfast/contracts';
import { Button, Group, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerStop, IconProgress, IconUserCheck, type Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../client/call.ts';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { titleOfProblem } from '../../parts/use-problem-title.ts';
import { useSaid } from '../../parts/use-said.ts';
import type { Tone } from '../../theme/theme.ts';
import classes from './repair.module.css';

const looks: Record<Repair['state'], { tone: Tone; icon: Icon }> = {
  trying: { tone: 'info', icon: IconProgress },
  tried: { tone: 'warn', icon: IconUserCheck },
  running: { tone: 'info', icon: IconProgress },
  stopping: { tone: 'warn', icon: IconPlayerStop },
  stopped: { tone: 'neutral', icon: IconPlayerStop },
  done: { tone: 'ok', icon: IconCircleCheck },
};

type Runs = Answer<typeof endpoints.getRepair>['runs'];

const tally = ({ counts }: Repair) => ({
  all: Object.values(counts).reduce((sum, each) => sum + each, 0),
  settled: (counts.done ?? 0) + (counts.failed ?? 0) + (counts.skipped ?? 0),
});

export function RepairBadge({ repair: { state } }: { repair: Repair }) {
  const { t } = useTranslation('repairs');
  const { tone, icon } = looks[state];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {t(`state.${state}`)}
    </StatusBadge>
  );
}

/** In words: how many of how many, and what came of them. */
export function RepairCount({ repair }: { repair: Repair }) {
  const { t } = useTranslation('repairs');
  const { counts, state } = repair;
  const left = counts.planned ?? 0;
  return (
    <>
      {t('settled', tally(repair))} {t('counts', { done: counts.done ?? 0, failed: counts.failed ?? 0, skipped: counts.skipped ?? 0 })}
      {left > 0 && state === 'stopped' ? ` ${t('left', { count: left })}` : ''}
    </>
  );
}

/** How far a repair is, what came of it, and how to stop it. */
export function RepairProgress({ repair, runs }: { repair: Repair; runs?: Runs }) {
  const { t } = useTranslation('repairs');
  const { counts, state } = repair;
  const { all, settled } = tally(repair);
  return (
    <div className={classes.progress}>
      <Group gap="xs" justify="space-between">
        <RepairBadge repair={repair} />
        <span className={classes.when}>
          {t('by', { name: repair.by })} <Age at={repair.createdAt} />
        </span>
      </Group>
      <p className={classes.lead}>
        <AboutWords repair={repair} />
      </p>
      <Progress.Root size="md" role="img" aria-label={t('settled', { settled, all })}>
        <Progress.Section withAria={false} value={share(counts.done, all)} color="ok" />
        <Progress.Section withAria={false} value={share(counts.failed, all)} color="bad" />
        <Progress.Section withAria={false} value={share(counts.skipped, all)} color="neutral" />
      </Progress.Root>
      <p aria-live="polite">
        <RepairCount repair={repair} />
      </p>
      {state === 'stopped' ? <p>{repair.stoppedBy === null ? t('stoppedItself') : t('stoppedBy', { name: repair.stoppedBy })}</p> : null}
      <Acts repair={repair} />
      {runs ? <RunsOf runs={runs} /> : null}
    </div>
  );
}

const share = (part: number | undefined, all: number): number => (all === 0 ? 0 : (100 * (part ?? 0)) / all);

function AboutWords({ repair: { about, act } }: { repair: Repair }) {
  const { t } = useTranslation('repairs');
  const { t: tProblem } = useTranslation('problems');
  const kind = act.kind === 'retry' && act.edit ? 'edit' : act.kind;
  return (
    <>
      {t(`doing.${kind}`)} {titleOfProblem(tProblem, about)}
      {about.step === null ? '' : ` (${about.step})`}
    </>
  );
}

function Acts({ repair }: { repair: Repair }) {
  const { t } = useTranslation('repairs');
  const mayOverride = useMay('runs.override');
  const params = { id: repair.id };
  const refreshes = [endpoints.listRepairs, endpoints.getRepair];
  const go = useAct(endpoints.continueRepair, { refreshes });
  const stop = useAct(endpoints.stopRepair, { refreshes });
  const left = repair.counts.planned ?? 0;
  if (!mayOverride || repair.state === 'done' || repair.state === 'stopped' || repair.state === 'stopping') return null;
  return (
    <Group gap="xs">
      {repair.state === 'tried' ? (
        <Button size="xs" loading={go.isPending} onClick={() => go.mutate({ params })}>
          {t('act.rest', { count: left })}
        </Button>
      ) : null}
      <Button size="xs" variant="default" loading={stop.isPending} onClick={() => stop.mutate({ params })}>
        {t(repair.state === 'tried' ? 'act.leave' : 'act.stop')}
      </Button>
    </Group>
  );
}

function RunsOf({ runs }: { runs: Runs }) {
  const said = useSaid();
  const { t } = useTranslation('repairs');
  const { t: tProblem } = useTranslation('problems');
  return (
    <ul className={classes.runs}>
      {runs.map(({ run, state, problem }) => (
        <li key={run}>
          {state === 'failed' ? <IconAlertTriangle size={14} stroke={1.5} aria-hidden /> : null}
          <Link to="/runs/$id" params={{ id: run }}>
            {t(`run.${state}`)}
          </Link>
          {problem ? (
            <span>
              {state === 'failed' ? `${titleOfProblem(tProblem, { code: problem.code ?? '', title: problem.title ?? '' })}: ` : ''}
              {said(problem.detail ?? '', problem.said?.detail)}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
