import { createHash, randomBytes } from 'node:crypto';

const prefix = 'hf_';

/** A fresh key of 256 random bits. Only its hash is stored, so it can be shown once. */
export const makeApiKey = (): string => prefix + randomBytes(32).toString('base64url');

export const isApiKey = (text: string): boolean => /^hf_[A-Za-z0-9_-]{43}$/.test(text);

/** A plain SHA-256 is enough here: nobody can guess 256 random bits, unlike a password. */
export const hashApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** What lists show, to recognise a key by. */
export const keyStart = (key: string): string => key.slice(0, prefix.length + 5);
