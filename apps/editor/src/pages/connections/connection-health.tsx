import type { Credential } from '@holdfast/contracts';
import { IconAlertTriangle, IconCheck, IconEyeOff, IconPlugConnected, IconProgress, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Age } from '../../parts/age.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useSaid } from '../../parts/use-said.ts';
import type { Tone } from '../../theme/theme.ts';
import classes from './connections-page.module.css';

type Standing = 'attention' | 'unconnected' | 'failing' | 'works' | 'unwatched' | 'untried';

const looks: Record<Standing, { tone: Tone; icon: Icon }> = {
  attention: { tone: 'bad', icon: IconAlertTriangle },
  unconnected: { tone: 'warn', icon: IconPlugConnected },
  failing: { tone: 'bad', icon: IconAlertTriangle },
  works: { tone: 'ok', icon: IconCheck },
  unwatched: { tone: 'neutral', icon: IconEyeOff },
  untried: { tone: 'neutral', icon: IconProgress },
};

function standingOf({ state, health }: Credential): Standing | null {
  if (state !== 'ready') return state;
  if (!health.canBeWatched) return null;
  if (health.failures > 0) return 'failing';
  if (!health.isWatched) return 'unwatched';
  return health.lastOkAt === null ? 'untried' : 'works';
}

/** Whether it works, when it last did, and what was the matter: by what was tried last. */
export function ConnectionHealth({ credential }: { credential: Credential }) {
  const { t } = useTranslation(['health', 'connections']);
  const { health, problem, state } = credential;
  const said = useSaid();
  const needs = problem && said(problem.detail, problem.said?.detail);
  const standing = standingOf(credential);
  if (standing === null) return null;
  const why = state === 'ready' && health.problem !== null ? said(health.problem) : needs;
  return (
    <div className={classes.standing}>
      <StatusBadge {...looks[standing]}>
        {standing === 'attention' || standing === 'unconnected'
          ? t(`connections:state.${standing}`)
          : t(`state.${standing}`, { count: health.failures })}
      </StatusBadge>
      {why === null ? null : <p>{why}</p>}
      {(standing === 'works' || standing === 'failing') && health.lastOkAt ? (
        <p>
          {t('lastOk')} <Age at={health.lastOkAt} />
        </p>
      ) : null}
      {standing === 'failing' && health.lastFailedAt ? (
        <p>
          {t('lastFailed')} <Age at={health.lastFailedAt} />
        </p>
      ) : null}
    </div>
  );
}
