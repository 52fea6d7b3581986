import { failAbandonedBackups, findFirstWorkspace, loadBackupPlan, takeDueBackup } from '@holdfast/db';
import { HoldfastError, toProblem } from '@holdfast/errors';
import { nextFireAt, repeat } from '@holdfast/runs';
import type { Secrets } from '@holdfast/secrets';
import { openStorage } from './open-storage.ts';
import { beginOneBackup, type BackupDeps } from './run-backup.ts';

const lookEveryMs = 20_000;
const firstLookMs = 2_000;

export interface Backups {
  /** A person wants one now. Throws resource.missing without a plan, resource.conflict while one is under way. */
  begin: (by: string) => Promise<string>;
  stop: () => Promise<void>;
}

/** Makes backups when they are due, each once however many processes look. */
export function startBackups(deps: BackupDeps & { secrets: Secrets }): Backups {
  let underway: Promise<unknown> = Promise.resolve();
  const begin = async (trigger: 'schedule' | 'person', by: string | null) => {
    const plan = await loadBackupPlan(deps.pool);
    if (!plan)
      throw new HoldfastError('resource.missing', { detail: 'Nobody has said yet where backups go.', hint: 'Save a storage first.' });
    const storage = openStorage(deps.secrets, plan);
    const { id, finished } = await beginOneBackup(deps, { storage, trigger, by, keep: plan.keep });
    // What came of it is noted where people look.
    underway = finished.catch(() => undefined).finally(() => storage.close());
    return id;
  };
  const look = async () => {
    await failAbandonedBackups(deps.pool, { ...toProblem(cutOff()) });
    const plan = await loadBackupPlan(deps.pool);
    if (!plan?.isEnabled || plan.nextAt === null || Date.parse(plan.nextAt) > Date.now()) return;
    const next = nextFireAt({ cron: plan.cron, timezone: plan.timezone }, new Date());
    if (await takeDueBackup(deps.pool, { seen: plan.nextAt, next })) await begin('schedule', null);
  };
  const looks = repeat(
    lookEveryMs,
    () => look().catch((error: unknown) => deps.logger.error({ err: error }, 'Backups could not be looked at and will be again')),
    firstLookMs,
  );
  return {
    begin: (by) => begin('person', by),
    stop: async () => {
      await looks.stop();
      await underway;
    },
  };
}

const cutOff = (): HoldfastError =>
  new HoldfastError('backup.storage', {
    detail: 'Holdfast ended while this backup was made.',
    hint: 'The next one is made as planned; or make one now.',
  });

/** Whether these are people of the installation and not only of one of its workspaces: a backup holds all of them. */
export async function isInstallationWorkspace(deps: Pick<BackupDeps, 'pool'>, workspaceId: string): Promise<boolean> {
  return (await findFirstWorkspace(deps.pool))?.id === workspaceId;
}
