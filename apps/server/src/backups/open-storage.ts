import { createS3Storage, type BackupStorage } from '@holdfast/backup';
import { backupStorage } from '@holdfast/contracts';
import type { BackupPlanRow } from '@holdfast/db';
import type { Secrets } from '@holdfast/secrets';

/** Throws credential.missing when the secret was sealed with another key. Close it after use. */
export const openStorage = (secrets: Secrets, plan: Pick<BackupPlanRow, 'storage' | 'secret' | 'keyId'>): BackupStorage =>
  createS3Storage(backupStorage.parse(plan.storage), secrets.open(plan));
