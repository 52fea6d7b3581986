import { createHash, randomBytes } from 'node:crypto';

const prefix = 'hfa_';

/** A fresh token of 256 random bits; only its hash is stored, so it can be shown once. */
export const makeAgentToken = (): string => prefix + randomBytes(32).toString('base64url');

export const isAgentToken = (text: string): boolean => /^hfa_[A-Za-z0-9_-]{43}$/.test(text);

/** A plain SHA-256 is enough: nobody can guess 256 random bits. */
export const hashAgentToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What lists show, to recognise a token by. */
export const agentTokenStart = (token: string): string => token.slice(0, prefix.length + 5);
