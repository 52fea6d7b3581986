import { join, resolve } from 'node:path';
import { StackError } from '@holdfast/stack';

/** The folder of the checkout. */
export const checkout = resolve(import.meta.dirname, '..', '..', '..');

export interface Settings {
  port: number;
  /** The interface the one port listens on. */
  host: string;
  dataDir: string;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Null: the embedded Temporal. */
  temporalAddress: string | null;
  temporalNamespace: string;
}

/** Reads the environment; throws a sentence on a value that can't be meant. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  return {
    port: readPort(environment['HOLDFAST_PORT']),
    host: environment['HOLDFAST_HOST'] || '127.0.0.1',
    dataDir: resolve(environment['HOLDFAST_DATA_DIR'] || join(checkout, '.holdfast')),
    databaseUrl: readUrl(environment['DATABASE_URL']),
    temporalAddress: environment['TEMPORAL_ADDRESS'] || null,
    temporalNamespace: environment['TEMPORAL_NAMESPACE'] || 'default',
  };
}

function readPort(text = ''): number {
  if (text.trim() === '') return 4000;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StackError(
    `HOLDFAST_PORT is "${text}", which is not a port.`,
    'Set it to a number from 1 to 65535, or leave it away for 4000.',
  );
}

function readUrl(text = ''): string | null {
  if (text.trim() === '') return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return text;
  // The value holds a password: it is not repeated.
  throw new StackError(
    'DATABASE_URL is not a PostgreSQL address.',
    'It looks like postgresql://user:password@host:5432/database. Leave it away to use the embedded PostgreSQL.',
  );
}

/** The address people open. */
export const publicAddress = ({ host, port }: Pick<Settings, 'host' | 'port'>): string =>
  `http://${host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`;
