import type { BackupStorageSettings } from '@holdfast/contracts';
import { HoldfastError } from '@holdfast/errors';

/** What the storage's answer means for the person who set it up. */
export function s3Problem(error: unknown, { bucket, region, endpoint }: BackupStorageSettings): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = endpoint === null ? `AWS in ${region}` : new URL(endpoint).host;
  const say = (detail: string, hint: string) => new HoldfastError('backup.storage', { detail, hint, cause: error });
  switch (name) {
    case 'NoSuchBucket':
      return say(`There is no bucket "${bucket}" at ${where}.`, 'Create it there, or correct its name.');
    case 'NoSuchKey':
    case 'NotFound':
      return new HoldfastError('backup.missing', { detail: `The backup is not in the bucket "${bucket}" any more.`, cause: error });
    case 'InvalidAccessKeyId':
      return say(`${where} does not know this access key.`, 'Copy the access key and its secret again.');
    case 'SignatureDoesNotMatch':
      return say(
        `${where} did not accept the secret of this access key.`,
        'Copy the secret again. Some services also need their own region here.',
      );
    case 'AccessDenied':
    case 'Forbidden':
      return say(`This access key may not use the bucket "${bucket}".`, 'Allow it to list, read, write and delete there.');
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return say(`The bucket "${bucket}" is not in the region "${region}".`, `Set its region: ${message}`);
    case 'TimeoutError':
      return say(`${where} did not answer in time.`, 'The next backup tries again.');
  }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return say(`There is no server at ${where}.`, 'Correct the address of the storage.');
  if (/^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT|EPIPE)$/.test(code))
    return say(`${where} can’t be reached (${code}).`, 'Check the address and whether this machine may reach it.');
  if (/checksum/i.test(message)) return say(`${where} refused the checksum: ${message}`, 'Set checksums to "only where required".');
  return say(`${where} answered: ${message}`, 'Look whether the settings are those that your storage names.');
}
