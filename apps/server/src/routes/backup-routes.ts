import { backupStorage, endpoints, type backupPlanInput } from '@holdfast/contracts';
import { deleteBackupPlan, listBackups, loadBackupPlan, saveBackupPlan, type BackupPlanRow } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { nextFireAt } from '@holdfast/runs';
import type { z } from 'zod';
import { openStorage } from '../backups/open-storage.ts';
import { isInstallationWorkspace } from '../backups/start-backups.ts';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function backupRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  const requireInstallation = async ({ workspaceId }: Caller) => {
    if (!(await isInstallationWorkspace(deps, workspaceId)))
      throw new HoldfastError('auth.forbidden', {
        detail: 'A backup holds every workspace of this installation, so only owners of its first workspace see to it.',
      });
  };
  return [
    route(endpoints.listBackups, {
      run: async ({ caller }) => {
        await requireInstallation(caller);
        const plan = await loadBackupPlan(pool);
        return { plan: plan && viewPlan(plan), items: await listBackups(pool, 50) };
      },
    }),
    route(endpoints.saveBackupPlan, {
      run: async ({ body, caller }) => {
        await requireInstallation(caller);
        const plan = sealPlan(deps, body, await loadBackupPlan(pool), caller.name);
        await tryStorage(deps, plan);
        await saveBackupPlan(pool, plan);
        await auditOf(pool, caller, {
          action: 'backup-plan.saved',
          subject: 'backups',
          detail: { storage: { ...body.storage }, cron: body.cron, keep: body.keep, isEnabled: body.isEnabled },
        });
        const saved = await loadBackupPlan(pool);
        if (!saved) throw missingResource();
        return viewPlan(saved);
      },
    }),
    route(endpoints.deleteBackupPlan, {
      run: async ({ caller }) => {
        await requireInstallation(caller);
        await deleteBackupPlan(pool);
        await auditOf(pool, caller, { action: 'backup-plan.removed', subject: 'backups' });
        return ok;
      },
    }),
    route(endpoints.makeBackup, {
      run: async ({ caller }) => {
        await requireInstallation(caller);
        const id = await deps.backups.begin(caller.name);
        await auditOf(pool, caller, { action: 'backup.made', subject: id });
        return { id };
      },
    }),
  ];
}

const viewPlan = ({ storage, cron, timezone, keep, isEnabled, nextAt, updatedBy }: BackupPlanRow) => ({
  storage: backupStorage.parse(storage),
  cron,
  timezone,
  keep,
  isEnabled,
  nextAt,
  updatedBy,
});

type SealedPlan = Omit<BackupPlanRow, 'nextAt'> & { nextAt: Date | null };

function sealPlan(
  { secrets }: ServerDeps,
  body: z.infer<typeof backupPlanInput>,
  before: BackupPlanRow | null,
  updatedBy: string,
): SealedPlan {
  const { secretAccessKey, ...plan } = body;
  const nextAt = nextFireAt({ cron: plan.cron, timezone: plan.timezone }, new Date());
  if (nextAt === null)
    throw new HoldfastError('request.invalid', {
      detail: say`"${plan.cron}" in ${plan.timezone} names no time.`,
      hint: 'Write minute, hour, day, month and weekday: "0 3 * * *" is every day at three.',
      path: 'cron',
    });
  return { ...plan, ...sealKey(secrets, { body, before, secretAccessKey }), updatedBy, nextAt: plan.isEnabled ? nextAt : null };
}

/** The stored secret goes only where it went before: a changed address must not be a way to read it. */
function sealKey(
  secrets: ServerDeps['secrets'],
  given: { body: z.infer<typeof backupPlanInput>; before: BackupPlanRow | null; secretAccessKey: string | undefined },
): { secret: Buffer; keyId: string } {
  const { body, before, secretAccessKey } = given;
  if (secretAccessKey !== undefined) return secrets.seal(secretAccessKey);
  const known = before && backupStorage.parse(before.storage);
  if (before && known?.endpoint === body.storage.endpoint && known?.accessKeyId === body.storage.accessKeyId)
    return { secret: before.secret, keyId: before.keyId };
  throw new HoldfastError('request.invalid', { detail: 'Give the secret of this access key.', path: 'secretAccessKey' });
}

/** A storage that can't be listed now will not take a backup tonight. Throws backup.storage. */
async function tryStorage({ secrets }: ServerDeps, plan: SealedPlan): Promise<void> {
  const storage = openStorage(secrets, plan);
  try {
    await storage.list();
  } finally {
    storage.close();
  }
}
