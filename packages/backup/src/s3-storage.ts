import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BackupStorageSettings } from '@holdfast/contracts';
import { s3Problem } from './s3-problem.ts';
import { isBackupName, type BackupStorage, type StoredBackup } from './storage.ts';

const partBytes = 8 * 1024 * 1024;

/** Uploads go up in parts of 8 MB, of which two at a time are in memory; at most 10,000 of them, so 80 GB. */
export function createS3Storage(settings: BackupStorageSettings, secretAccessKey: string): BackupStorage {
  const { endpoint, region, bucket, prefix, pathStyle, accessKeyId } = settings;
  const checksums = settings.checksums === 'supported' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  const client = new S3Client({
    region,
    ...(endpoint === null ? {} : { endpoint }),
    forcePathStyle: pathStyle,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    credentials: { accessKeyId, secretAccessKey },
    // The one owner of these retries: no run stands behind a backup.
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
  });
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw s3Problem(error, settings);
    }
  };
  const key = (name: string) => `${prefix}${name}`;
  return {
    location: `s3://${bucket}/${prefix}`,
    put: (name, bytes) =>
      ask(async () => {
        const upload = new Upload({
          client,
          params: { Bucket: bucket, Key: key(name), Body: bytes, ContentType: 'application/gzip' },
          partSize: partBytes,
          queueSize: 2,
        });
        await upload.done();
      }),
    get: (name) =>
      ask(async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key(name) }));
        if (!(Body instanceof Readable)) throw new Error('The storage answered without a body.');
        return Body;
      }),
    list: () => ask(async () => (await listAll(client, { bucket, prefix })).toSorted((a, b) => (a.name < b.name ? 1 : -1))),
    remove: (name) => ask(async () => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key(name) })))),
    close: () => client.destroy(),
  };
}

async function listAll(client: S3Client, { bucket, prefix }: { bucket: string; prefix: string }): Promise<StoredBackup[]> {
  const found: StoredBackup[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      const name = Key.slice(prefix.length);
      if (isBackupName(name)) found.push({ name, sizeBytes: Size, at: LastModified ?? new Date(0) });
    }
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
  return found;
}
