import type { RunSummary } from '@holdfast/contracts';
import {
  IconAlertTriangle,
  IconCheck,
  IconHourglass,
  IconPlayerPause,
  IconPlayerStop,
  IconProgress,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Tone } from '../theme/theme.ts';
import { StatusBadge } from './status-badge.tsx';

export type RunLook = 'running' | 'waiting' | 'paused' | 'attention' | 'done' | 'stopped' | 'failed';

/** What people call the state of a run: an ended one by its outcome. */
export const runLook = (run: Pick<RunSummary, 'status' | 'outcome'>): RunLook =>
  run.status === 'ended' ? (run.outcome ?? 'done') : run.status;

const looks: Record<RunLook, { tone: Tone; icon: Icon }> = {
  running: { tone: 'brand', icon: IconProgress },
  waiting: { tone: 'info', icon: IconHourglass },
  paused: { tone: 'neutral', icon: IconPlayerPause },
  attention: { tone: 'warn', icon: IconAlertTriangle },
  done: { tone: 'ok', icon: IconCheck },
  stopped: { tone: 'neutral', icon: IconPlayerStop },
  failed: { tone: 'bad', icon: IconX },
};

export function RunStatusBadge({ run, isQuiet = false }: { run: Pick<RunSummary, 'status' | 'outcome'>; isQuiet?: boolean }) {
  const { t } = useTranslation('common');
  const look = runLook(run);
  return (
    <StatusBadge {...looks[look]} isQuiet={isQuiet}>
      {t(`runStatus.${look}`)}
    </StatusBadge>
  );
}
