import type { MirrorTable, MirrorValues } from '@holdfast/db';

/** Where to connect to, ready for one session. Keep it out of logs. */
export interface TargetAccess {
  kind: 'postgres' | 'oracle';
  host: string;
  port: number;
  database: string;
  schema: string;
  user: string;
  tls: 'verify' | 'off';
  password: string;
  /** PEM. */
  certificates: string | null;
  certificatesPassword: string | null;
}

/** The addresses of a server that may be dialled. Throws egress.blocked and upstream.unreachable. */
export type Vet = (host: string, port: number) => Promise<string[]>;

/** Whose session this is. The target keeps the highest epoch it has seen and takes nothing from an older one. */
export interface Session {
  source: string;
  epoch: number;
}

/** What goes over in one transaction of the target: rows as they are here, and those that are not here any more. */
export interface MirrorBatch {
  tables: readonly { table: MirrorTable; rows: readonly MirrorValues[]; gone: readonly string[] }[];
  authors: readonly { id: string; name: string | null }[];
  generation: number;
}

/** A connection to a mirror's database. Everything throws mirror.target, mirror.changed or mirror.taken, without the password in any word. */
export interface MirrorTarget {
  /** What answered, for people. Throws when the tables could not be made or written there. */
  check: () => Promise<string>;
  /** Makes tables and columns that are missing and begins a copy; answers its number, which its rows get. Another store's tables only with `takesOver`. */
  begin: (session: Session & { takesOver: boolean }) => Promise<number>;
  /** Goes on where an earlier session ended. Not `isCurrent`: the tables are an older Holdfast's, and a new copy must be begun. */
  resume: (session: Session) => Promise<{ isCurrent: boolean }>;
  /** Throws SupersededError when a session with a higher epoch has been there. */
  apply: (session: Session, batch: MirrorBatch) => Promise<void>;
  /** Takes out rows that an earlier copy brought and this one did not. Answers how many; ask again until none. */
  sweep: (session: Session, args: { table: MirrorTable; generation: number; limit: number }) => Promise<number>;
  close: () => Promise<void>;
}

/** Another process brings this mirror's changes by now: this one stops without a word. */
export class SupersededError extends Error {}

export const tableName = ({ name }: Pick<MirrorTable, 'name'>): string => `holdfast_${name}`;
/** Whose mirror it is, how far; one row. */
export const controlTable = 'holdfast_mirror';
/** Messages with where and with whom they were said, for people who look. */
export const flatView = 'holdfast_store';
/** In every table: the number of the copy that brought the row. */
export const generationColumn = 'mirror_generation';
