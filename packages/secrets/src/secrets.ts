import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { HoldfastError, say, type Words } from '@holdfast/errors';
import { loadSecretKey, parseSecretKey } from './secret-key.ts';

/** A sealed text as it is stored: nonce, ciphertext and tag in one; `keyId` says which key opens it. */
export interface Sealed {
  secret: Buffer;
  keyId: string;
}

export interface Secrets {
  /** Names the key without giving it away. */
  keyId: string;
  seal: (text: string) => Sealed;
  /** Throws `credential.missing` when it was sealed with another key or was changed since. */
  open: (sealed: Sealed) => string;
  /** A key for another purpose (sessions), which can't be turned back into the master key. */
  derive: (purpose: string) => string;
}

const nonceBytes = 12;
const tagBytes = 16;

/** `secretKey` is HOLDFAST_SECRET_KEY's text; without it the key lies in the data folder, and is made there when it is missing. */
export function createSecrets({ secretKey = null, dataDir }: { secretKey?: string | null; dataDir: string }): Secrets {
  const master = secretKey === null ? loadSecretKey(dataDir) : parseSecretKey(secretKey);
  const key = Buffer.from(hkdfSync('sha256', master, '', 'holdfast/credentials/1', 32));
  const keyId = createHash('sha256').update('holdfast/key-id/1').update(master).digest('hex').slice(0, 12);
  return {
    keyId,
    seal: (text) => ({ secret: sealWith(key, keyId, text), keyId }),
    open: (sealed) => {
      if (sealed.keyId !== keyId) throw unreadable(say`It was sealed with key ${sealed.keyId}; this installation has key ${keyId}.`);
      return openWith(key, keyId, sealed.secret);
    },
    derive: (purpose) => Buffer.from(hkdfSync('sha256', master, '', `holdfast/${purpose}`, 32)).toString('base64'),
  };
}

function sealWith(key: Buffer, keyId: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(keyId));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function openWith(key: Buffer, keyId: string, secret: Buffer): string {
  if (secret.length < nonceBytes + tagBytes) throw unreadable('What is stored is too short to be a secret.');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, secret.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(keyId));
    decipher.setAuthTag(secret.subarray(secret.length - tagBytes));
    return Buffer.concat([decipher.update(secret.subarray(nonceBytes, secret.length - tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    throw unreadable('What is stored was changed since it was sealed.');
  }
}

const unreadable = (why: Words) =>
  new HoldfastError('credential.missing', {
    detail: say`A stored secret can't be opened. ${why}`,
    hint: 'Start with the same HOLDFAST_SECRET_KEY or data folder as before, or enter the secret again.',
  });
