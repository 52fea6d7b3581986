import { endpoints, type Backup } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconCheck, IconCloudUpload, IconProgress, IconX, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Age } from '../../parts/age.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { useSaid } from '../../parts/use-said.ts';
import type { Tone } from '../../theme/theme.ts';
import { BackupPlanForm } from './backup-plan-form.tsx';
import classes from './settings-page.module.css';

const lookEveryMs = 3_000;

export function BackupsTab() {
  const { t } = useTranslation('settings');
  // One look is cheap, and a backup may be made by the clock while somebody watches.
  const backups = useRead(endpoints.listBackups, {}, { refetchInterval: lookEveryMs });
  const isBusy = backups.data?.items.some(({ state }) => state === 'running') ?? false;
  const make = useAct(endpoints.makeBackup, { refreshes: [endpoints.listBackups] });
  return (
    <QueryView query={backups}>
      {({ plan, items }) => (
        <>
          <div className={classes.toolbar}>
            <p>{t('backups.lead')}</p>
            {plan ? (
              <Button
                leftSection={<IconCloudUpload size={16} stroke={1.75} />}
                loading={isBusy || make.isPending}
                onClick={() => make.mutate({ body: {} })}
              >
                {t('backups.now')}
              </Button>
            ) : null}
          </div>
          <BackupPlanForm key={JSON.stringify(plan)} plan={plan} />
          {items.length > 0 ? (
            <div className={`${rows.card} ${classes.backups}`}>
              {items.map((backup) => (
                <BackupRow key={backup.id} backup={backup} />
              ))}
            </div>
          ) : null}
        </>
      )}
    </QueryView>
  );
}

const looks: Record<Backup['state'], { tone: Tone; icon: Icon }> = {
  running: { tone: 'brand', icon: IconProgress },
  done: { tone: 'ok', icon: IconCheck },
  failed: { tone: 'bad', icon: IconX },
};

function BackupRow({ backup }: { backup: Backup }) {
  const { t } = useTranslation('settings');
  const said = useSaid();
  const format = useFormat();
  const { state, name, location, problem, sizeBytes, rows: rowCount, trigger, by, startedAt } = backup;
  const why = problem && said(problem.detail, problem.said?.detail);
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <h2 className={`${rows.title} data`}>{name ?? t(`backups.state.${state}`)}</h2>
        <div className={rows.sub} title={problem ? `${why} ${said(problem.hint ?? '', problem.said?.hint)}` : location}>
          {problem ? why : location}
        </div>
      </div>
      <StatusBadge {...looks[state]}>{t(`backups.state.${state}`)}</StatusBadge>
      <div className={rows.quiet}>
        {sizeBytes === null || rowCount === null ? '' : t('backups.size', { size: format.bytes(sizeBytes), rows: format.number(rowCount) })}
      </div>
      <div className={rows.quiet}>
        {t(`backups.trigger.${trigger}`, { by: by ?? '' })}
        <br />
        <Age at={startedAt} />
      </div>
    </article>
  );
}
