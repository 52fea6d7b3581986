import { backupStorage } from '@holdfast/contracts';
import { createS3Storage, type BackupStorage } from '@holdfast/backup';
import { loadBackupPlan, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { Secrets } from '@holdfast/secrets';
import { openStorage } from './open-storage.ts';

/**
 * The object storage that the command line uses: HOLDFAST_BACKUP_S3_BUCKET and its companions in the environment, which a bare machine has before it
 * has a database; else the plan that was saved in the product. Null: neither is there. Throws request.invalid.
 */
export async function findStorage(pool: Pool, secrets: () => Secrets, environment: NodeJS.ProcessEnv): Promise<BackupStorage | null> {
  const given = (name: string): string | undefined => environment[`HOLDFAST_BACKUP_S3_${name}`] || undefined;
  if (given('BUCKET') === undefined) {
    const plan = await loadBackupPlan(pool);
    return plan && openStorage(secrets(), plan);
  }
  const settings = backupStorage.safeParse({
    bucket: given('BUCKET'),
    endpoint: given('ENDPOINT'),
    region: given('REGION') ?? 'us-east-1',
    prefix: given('PREFIX'),
    pathStyle: given('PATH_STYLE') === undefined ? undefined : given('PATH_STYLE') !== 'false',
    checksums: given('CHECKSUMS'),
    accessKeyId: given('ACCESS_KEY_ID') ?? '',
  });
  const secret = given('SECRET_ACCESS_KEY');
  if (settings.success && secret !== undefined) return createS3Storage(settings.data, secret);
  const issue = settings.error?.issues[0];
  throw new HoldfastError('request.invalid', {
    detail: issue
      ? say`HOLDFAST_BACKUP_S3_* does not fit: ${issue.path.join('.')}: ${issue.message}.`
      : 'HOLDFAST_BACKUP_S3_SECRET_ACCESS_KEY is not set.',
    hint: 'docs/back-up-and-restore.md lists them.',
  });
}
