import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const keyBytes = 32;

/** The key as people pass it: 32 bytes in base64 or in 64 hex digits. Throws a sentence on anything weaker. */
export function parseSecretKey(text: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : Buffer.from(trimmed, 'base64');
  if (key.length !== keyBytes || new Set(key).size < 8) {
    throw new RangeError(
      'HOLDFAST_SECRET_KEY must be 32 random bytes, in base64 or as 64 hex digits. Make one with: openssl rand -base64 32',
    );
  }
  return key;
}

/** The key of a data folder; made at the first start, readable by its owner only. Safe when two processes start at once. */
export function loadSecretKey(dataDir: string): Buffer {
  const path = join(dataDir, 'secret.key');
  const existing = readKeyFile(path);
  if (existing) return existing;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = join(dataDir, `secret.key.${process.pid}.${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A hard link fails when the name is taken: the first process wins, and nobody ever reads half a key.
    linkSync(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  const made = readKeyFile(path);
  if (!made) throw new Error(`The secret key ${path} disappeared while it was being made.`);
  return made;
}

function readKeyFile(path: string): Buffer | null {
  try {
    return parseSecretKey(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error instanceof RangeError
      ? new Error(
          `The secret key in ${path} is damaged: it must hold 32 bytes in base64. Restore it from a backup; without it stored credentials can't be opened.`,
        )
      : error;
  }
}

const isErrno = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
