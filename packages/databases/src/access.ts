import { HoldfastError, say } from '@holdfast/errors';

/** A credential opened for one use, as the runs have it. */
export interface DatabaseCredential {
  kind: string;
  name?: string;
  settings?: Readonly<Record<string, string>>;
  /** How it is reached, if not straight. */
  via?: Way | null;
  secret: Readonly<Record<string, string>>;
}

/** An administrator's proxy, or an agent: as packages/egress has it. */
export type Way =
  | { kind: 'proxy'; url: string; username?: string | null; password?: string | null }
  | { kind: 'agent'; id: string; workspaceId: string };

/** Where to connect to. Keep it out of logs. */
export interface DatabaseAccess {
  kind: 'postgresql' | 'oracle';
  /** What people call the connection. */
  name: string;
  host: string;
  port: number;
  /** Oracle: the service. */
  database: string;
  user: string;
  password: string;
  /** `require` encrypts without asking who it is. */
  tls: 'verify-full' | 'require' | 'off';
  /** PEM, of whoever signed the server's. */
  certificates: string | null;
  /** PostgreSQL: where names without a schema are looked for; empty: what the server says. */
  schemas: readonly string[];
  /** Refuses everything that changes something. */
  isReadOnly: boolean;
  /** An administrator said that this server may be reached wherever it stands. */
  isTrusted: boolean;
  /** Leads to this very server and nowhere else; null: straight. */
  via: Way | null;
}

/** The addresses of a server that may be dialled. Throws egress.blocked and upstream.unreachable. */
export type Vet = (host: string, port: number, options?: { isTrusted: boolean }) => Promise<string[]>;

const kinds = ['postgresql', 'oracle'] as const;
const tlsModes = ['verify-full', 'require', 'off'] as const;

/** Throws credential.missing for one that is of no database. */
export function accessOf({ kind, name = '', settings = {}, secret, via = null }: DatabaseCredential): DatabaseAccess {
  const known = kinds.find((one) => one === kind);
  if (!known)
    throw new HoldfastError('credential.missing', {
      detail: say`The connection "${name}" leads to no database.`,
      hint: 'Choose one of the kind PostgreSQL or Oracle.',
      path: 'credential',
    });
  return {
    kind: known,
    name,
    host: settings['host'] ?? '',
    port: Number(settings['port'] ?? (known === 'postgresql' ? 5432 : settings['tls'] === 'off' ? 1521 : 2484)),
    database: settings['database'] ?? '',
    user: settings['user'] ?? '',
    password: secret['password'] ?? '',
    tls: tlsModes.find((mode) => mode === settings['tls']) ?? 'verify-full',
    certificates: settings['certificates'] ?? null,
    schemas: (settings['schemas'] ?? '').split(',').flatMap((schema) => schema.trim() || []),
    isReadOnly: settings['writing'] !== 'allowed',
    isTrusted: settings['network'] === 'inside',
    via,
  };
}
