import { endpoints, type MirrorView } from '@holdfast/contracts';
import { Button, Stack } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconPlayerPause, IconProgress, IconRefresh, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import type { Tone } from '../../theme/theme.ts';
import { MirrorForm } from './mirror-form.tsx';
import classes from './settings-page.module.css';

const lookEveryMs = 3_000;

export function MirrorTab() {
  const { t } = useTranslation('settings');
  const mirror = useRead(endpoints.readMirror, {}, { refetchInterval: lookEveryMs });
  return (
    <QueryView query={mirror}>
      {({ mirror: found }) => (
        <>
          <div className={classes.toolbar}>
            <p>{t('mirror.lead')}</p>
          </div>
          <Stack gap="md">
            {found ? <MirrorState mirror={found} /> : null}
            <MirrorForm
              key={found ? JSON.stringify([found.target, found.everySeconds, found.isEnabled, found.hasCertificates]) : ''}
              mirror={found}
            />
          </Stack>
        </>
      )}
    </QueryView>
  );
}

type Standing = 'off' | 'failing' | 'start' | 'copying' | 'sweeping' | 'behind' | 'synced';

const looks: Record<Standing, { tone: Tone; icon: Icon }> = {
  off: { tone: 'neutral', icon: IconPlayerPause },
  failing: { tone: 'bad', icon: IconAlertTriangle },
  start: { tone: 'brand', icon: IconProgress },
  copying: { tone: 'brand', icon: IconProgress },
  sweeping: { tone: 'brand', icon: IconProgress },
  behind: { tone: 'brand', icon: IconProgress },
  synced: { tone: 'ok', icon: IconCheck },
};

function standingOf({ isEnabled, problem, phase, pending }: MirrorView): Standing {
  if (!isEnabled) return 'off';
  if (problem) return 'failing';
  if (phase !== 'following') return phase;
  return pending > 0 ? 'behind' : 'synced';
}

const countedUpTo = 100_000;

/** How far it is, and what to do when it does not get further. */
function MirrorState({ mirror }: { mirror: MirrorView }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const confirm = useConfirm();
  const restart = useAct(endpoints.restartMirror, { refreshes: [endpoints.readMirror] });
  const standing = standingOf(mirror);
  const { pending, lagSeconds, copiedRows, syncedAt, problem, failingSince, nextAt, phase, isEnabled } = mirror;
  const askRestart = () =>
    confirm({
      title: t('mirror.restartTitle', { host: mirror.target.host }),
      effect: t('mirror.restartEffect'),
      confirm: t('mirror.restart'),
      tone: 'brand',
      onConfirm: () => restart.mutate({ body: {} }),
    });
  const waiting =
    pending >= countedUpTo ? t('mirror.waitingMany', { count: format.number(countedUpTo) }) : t('mirror.waiting', { count: pending });
  return (
    <SettingsCard
      title={t('mirror.stateTitle')}
      lead={t('mirror.stateLead')}
      action={
        <Button variant="default" leftSection={<IconRefresh size={16} stroke={1.75} />} loading={restart.isPending} onClick={askRestart}>
          {t('mirror.restart')}
        </Button>
      }
    >
      <Stack gap="md">
        {problem && isEnabled ? <ProblemAlert problem={problem} /> : null}
        <dl className={classes.standing}>
          <dt>{t('mirror.standing')}</dt>
          <dd>
            <StatusBadge {...looks[standing]}>{t(`mirror.is.${standing}`)}</StatusBadge>
          </dd>
          <dt>{t('mirror.missing')}</dt>
          <dd className="tabular">
            {standing === 'synced' ? t('mirror.allThere') : phase === 'following' ? waiting : t('mirror.copied', { count: copiedRows })}
            {lagSeconds >= 1 && standing !== 'off' ? <span> · {t('mirror.lag', { span: format.span(lagSeconds * 1_000) })}</span> : null}
          </dd>
          <dt>{t('mirror.complete')}</dt>
          <dd>{syncedAt ? <Age at={syncedAt} /> : t('mirror.never')}</dd>
          {failingSince && isEnabled ? (
            <>
              <dt>{t('mirror.failing')}</dt>
              <dd>
                <Age at={failingSince} /> · {t('mirror.again')} <Age at={nextAt} />
              </dd>
            </>
          ) : null}
        </dl>
      </Stack>
    </SettingsCard>
  );
}
