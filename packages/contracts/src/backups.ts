import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, empty, id, problem } from './shared.ts';

/** What S3-compatible services differ in. */
export const backupStorage = z.strictObject({
  /** Null: AWS itself, by region. */
  endpoint: z
    .url({ protocol: /^https?$/, error: 'Write the whole address, starting with https://' })
    .nullable()
    .default(null),
  region: z.string().min(1, 'Name the region; many services other than AWS take us-east-1').max(60),
  bucket: z.string().min(1, 'Name the bucket').max(255),
  /** A folder within the bucket, with its closing slash. */
  prefix: z.string().max(500).default('holdfast/'),
  /** The bucket in the path and not in the host's name: MinIO, OCI and most others want that. */
  pathStyle: z.boolean().default(true),
  /** `supported`: a checksum on every upload, which AWS likes and some others refuse. `required`: only where S3 demands one. */
  checksums: z.enum(['required', 'supported']).default('required'),
  accessKeyId: z.string().min(1, 'Give the access key').max(200),
});
export type BackupStorageSettings = z.infer<typeof backupStorage>;

const planFields = {
  storage: backupStorage,
  /** Five fields: minute, hour, day, month, weekday. */
  cron: z.string().min(9).max(100).default('0 3 * * *'),
  timezone: z.string().min(1).max(60).default('UTC'),
  /** This many of the newest stay in the storage. */
  keep: z.number().int().min(1).max(1_000).default(14),
  isEnabled: z.boolean().default(true),
};
export const backupPlanInput = z.strictObject({
  ...planFields,
  /** Left out: the stored one stays, as long as it goes to the same address with the same access key. */
  secretAccessKey: z.string().min(1).max(500).optional(),
});
export const backupPlan = z.object({ ...planFields, nextAt: at.nullable(), updatedBy: z.string() });

export const backup = z.object({
  id,
  trigger: z.enum(['schedule', 'person', 'command']),
  by: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed']),
  location: z.string(),
  name: z.string().nullable(),
  sizeBytes: z.number().int().nullable(),
  rows: z.number().int().nullable(),
  problem: problem.nullable(),
  startedAt: at,
  endedAt: at.nullable(),
});
export type Backup = z.infer<typeof backup>;

/** Backups hold every workspace, so only owners of the installation's first workspace may see to them. */
export const backups = {
  listBackups: endpoint({
    method: 'GET',
    path: '/api/backups',
    summary: 'The plan, and the latest 50 backups, newest first',
    permission: 'backups.manage',
    response: z.object({ plan: backupPlan.nullable(), items: z.array(backup) }),
  }),
  saveBackupPlan: endpoint({
    method: 'PUT',
    path: '/api/backups/plan',
    summary: 'Where backups go and how often; the storage is tried first',
    permission: 'backups.manage',
    body: backupPlanInput,
    response: backupPlan,
  }),
  deleteBackupPlan: endpoint({
    method: 'DELETE',
    path: '/api/backups/plan',
    summary: 'Make no backups any more; those in the storage stay',
    permission: 'backups.manage',
    response: done,
  }),
  makeBackup: endpoint({
    method: 'POST',
    path: '/api/backups',
    summary: 'Make a backup now; answers as soon as it has begun',
    permission: 'backups.manage',
    status: 202,
    body: empty,
    response: z.object({ id }),
  }),
};
