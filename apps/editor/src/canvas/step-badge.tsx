import {
  IconAlertTriangle,
  IconCheck,
  IconHourglass,
  IconLoader2,
  IconPlayerSkipForward,
  IconRefresh,
  IconUser,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import type { Finding } from '@holdfast/graph';
import { useTranslation } from 'react-i18next';
import type { StepMark, StepMarkState } from '../document/marks-store.ts';
import { useCountdown } from './use-countdown.ts';
import { useSentence } from '../document/use-sentence.ts';
import css from './step-node.module.css';

const looks = {
  running: { tone: 'info', Icon: IconLoader2 },
  done: { tone: 'ok', Icon: IconCheck },
  waiting: { tone: 'warn', Icon: IconHourglass },
  person: { tone: 'person', Icon: IconUser },
  retrying: { tone: 'warn', Icon: IconRefresh },
  failed: { tone: 'bad', Icon: IconX },
  skipped: { tone: 'neutral', Icon: IconPlayerSkipForward },
} as const satisfies Record<StepMarkState, { tone: string; Icon: Icon }>;

/** What a run did here: an icon and a word, never colour alone. */
export function RunBadge({ mark }: { mark: StepMark }) {
  const { t } = useTranslation('canvas');
  const left = useCountdown(mark.state === 'retrying' || mark.state === 'waiting' ? mark.untilAt : null);
  const { tone, Icon } = looks[mark.state];
  const { attempts: attempt, maxAttempts: of } = mark;
  // A step of several calls has its attempts for each of them.
  const isBeyond = mark.state === 'retrying' && (of === null || attempt > of);
  const label = isBeyond ? t('mark.retryingOn', { attempt }) : t(`mark.${mark.state}`, { name: mark.by ?? '', attempt, of });
  const isShort = mark.state === 'done';
  return (
    <span className={css.badge} data-tone={tone} title={label} aria-label={label} role="img">
      <Icon size={13} stroke={2} aria-hidden />
      {isShort ? (mark.visits > 1 ? `×${mark.visits}` : null) : label}
      {left === null ? null : ` · ${left}`}
    </span>
  );
}

export function FindingsBadge({ findings, type }: { findings: readonly Finding[]; type: string }) {
  const say = useSentence();
  const { t } = useTranslation('canvas');
  if (findings.length === 0) return null;
  const hasError = findings.some((finding) => finding.severity === 'error');
  const label = t('problems.count', { count: findings.length });
  return (
    <span
      className={css.badge}
      data-tone={hasError ? 'bad' : 'warn'}
      title={findings.map((finding) => say(finding.reason, type)).join('\n')}
      aria-label={label}
      role="img"
    >
      <IconAlertTriangle size={13} stroke={2} aria-hidden />
      {findings.length}
    </span>
  );
}
