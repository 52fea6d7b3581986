import type { BackupStorageSettings } from '@holdfast/contracts';
import { HoldfastError, say, type Words } from '@holdfast/errors';

/** What the storage's answer means for the person who set it up. */
export function s3Problem(error: unknown, { bucket, region, endpoint }: BackupStorageSettings): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const where = endpoint === null ? say`AWS in ${region}` : new URL(endpoint).host;
  const trouble = (detail: Words, hint: Words) => new HoldfastError('backup.storage', { detail, hint, cause: error });
  switch (name) {
    case 'NoSuchBucket':
      return trouble(say`There is no bucket "${bucket}" at ${where}.`, 'Create it there, or correct its name.');
    case 'NoSuchKey':
    case 'NotFound':
      return new HoldfastError('backup.missing', { detail: say`The backup is not in the bucket "${bucket}" any more.`, cause: error });
    case 'InvalidAccessKeyId':
      return trouble(say`${where} does not know this access key.`, 'Copy the access key and its secret again.');
    case 'SignatureDoesNotMatch':
      return trouble(
        say`${where} did not accept the secret of this access key.`,
        'Copy the secret again. Some services also need their own region here.',
      );
    case 'AccessDenied':
    case 'Forbidden':
      return trouble(say`This access key may not use the bucket "${bucket}".`, 'Allow it to list, read, write and delete there.');
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return trouble(say`The bucket "${bucket}" is not in the region "${region}".`, say`Set its region: ${message}`);
    case 'TimeoutError':
      return trouble(say`${where} did not answer in time.`, 'The next backup tries again.');
  }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code)) return trouble(say`There is no server at ${where}.`, 'Correct the address of the storage.');
  if (/^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ETIMEDOUT|EPIPE)$/.test(code))
    return trouble(say`${where} can’t be reached (${code}).`, 'Check the address and whether this machine may reach it.');
  if (/checksum/i.test(message)) return trouble(say`${where} refused the checksum: ${message}`, 'Set checksums to "only where required".');
  return trouble(say`${where} answered: ${message}`, 'Look whether the settings are those that your storage names.');
}
