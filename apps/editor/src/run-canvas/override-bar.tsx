import type { RunDetail } from '@holdfast/contracts';
import { Button, Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowForward,
  IconDots,
  IconEdit,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconRefresh,
  IconClock,
  type Icon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCountdown } from '../canvas/use-countdown.ts';
import { useMay } from '../client/index.ts';
import { ProblemWords } from '../parts/problem-words.tsx';
import { titleOfProblem, useProblemTitle } from '../parts/use-problem-title.ts';
import { OverrideDialog } from './override-dialog.tsx';
import { openStep, possibleActions, type OverrideAction } from './override-choices.ts';
import { isPutOff } from './timeline-sentence.ts';
import css from './run-page.module.css';

const icons: Record<OverrideAction, Icon> = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  retry: IconRefresh,
  skip: IconPlayerSkipForward,
  edit: IconEdit,
  jump: IconArrowForward,
  end: IconPlayerStop,
};
const rare: readonly OverrideAction[] = ['edit', 'jump', 'end'];

/** What an operator can do to the run, shown only while something can be done. */
export function OverrideBar({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run');
  const may = useMay('runs.override');
  const [action, setAction] = useState<OverrideAction | null>(null);
  const actions = may ? possibleActions(run) : [];
  const hasCause = run.cause !== null && run.status !== 'ended';
  if (actions.length === 0 && !hasCause) return null;
  const [pending] = run.pendingOverrides;
  const isStuck = run.status === 'attention';
  return (
    <div className={css.bar} data-tone={isStuck ? 'warn' : 'plain'} data-testid="override-bar">
      {hasCause && run.cause ? <Cause cause={run.cause} /> : <Now run={run} />}
      {pending ? (
        <span className={css.cause} style={{ flex: '0 1 auto' }}>
          <IconClock size={16} stroke={1.5} aria-hidden />
          {t('override.pending', { action: t(`override.do.${actionOf(pending.action)}`), name: pending.by })}
        </span>
      ) : null}
      <div className={css.acts}>
        {actions
          .filter((item) => !rare.includes(item))
          .map((item, index) => {
            const Glyph = icons[item];
            return (
              <Button
                key={item}
                size="xs"
                variant={isStuck && index === 0 ? 'filled' : 'default'}
                leftSection={<Glyph size={15} stroke={1.5} />}
                onClick={() => setAction(item)}
              >
                {t(`override.do.${item}`)}
              </Button>
            );
          })}
        {actions.length === 0 ? null : (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="xs" variant="default" px={8} aria-label={t('override.more')} title={t('override.more')}>
                <IconDots size={16} stroke={1.5} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {actions
                .filter((item) => rare.includes(item))
                .map((item) => {
                  const Glyph = icons[item];
                  return (
                    <Menu.Item
                      key={item}
                      {...(item === 'end' ? { color: 'var(--bad)' } : {})}
                      leftSection={<Glyph size={16} stroke={1.5} />}
                      onClick={() => setAction(item)}
                    >
                      {t(`override.do.${item}`)}
                    </Menu.Item>
                  );
                })}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {action === null ? null : <OverrideDialog key={action} run={run} action={action} onClose={() => setAction(null)} />}
    </div>
  );
}

/** Where the run stands, when nothing is wrong. */
function Now({ run }: { run: RunDetail }) {
  const { t } = useTranslation('run');
  const { t: problems } = useTranslation('problems');
  const step = openStep(run, null);
  const left = useCountdown(step?.status === 'waiting' || step?.status === 'retrying' ? (step.retryAt ?? step.deadlineAt) : null);
  if (run.status === 'paused') return <span className={css.now}>{t('now.paused')}</span>;
  if (!step) return <span className={css.now}>{t('now.between')}</span>;
  if (step.status === 'retrying' && step.problem && isPutOff(step))
    return (
      <span className={css.now}>{t('sentence.stepPutOff', { step: step.nodeName, reason: titleOfProblem(problems, step.problem) })}</span>
    );
  return (
    <span className={css.now}>
      {t(`now.${step.status === 'waiting' ? 'waiting' : step.status === 'retrying' ? 'retrying' : 'running'}`, { step: step.nodeName })}
      {left === null ? '' : ` ${t('now.left', { time: left })}`}
    </span>
  );
}

function Cause({ cause }: { cause: NonNullable<RunDetail['cause']> }) {
  const title = useProblemTitle(cause);
  return (
    <div className={css.cause}>
      <IconAlertTriangle size={17} stroke={1.75} aria-hidden />
      <div>
        <strong>
          {cause.nodeName ? `${cause.nodeName}: ` : ''}
          {title}
        </strong>
        <ProblemWords problem={cause} />
      </div>
    </div>
  );
}

const known = ['pause', 'resume', 'retry', 'skip', 'edit', 'jump', 'end'] as const;
const actionOf = (text: string): OverrideAction => known.find((action) => action === text) ?? 'pause';
