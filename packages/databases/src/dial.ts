import type { Socket } from 'node:net';
import type { DatabaseRequest, DatabaseValue, JsonValue } from '@holdfast/node-kit';
import { HoldfastError, say } from '@holdfast/errors';
import type { DatabaseAccess, Vet, Way } from './access.ts';
import { dialVetted } from './vetted-tunnel.ts';

/** Opens a connection to where it may lead. Throws egress.blocked, credential.* and upstream.*. */
export type Dial = (host: string, port: number) => Promise<Socket>;

/** How databases are reached: vetted addresses, or through an administrator's proxy, which knows the names of its network. */
export interface Roads {
  vet: Vet;
  /** Throws what says which leg failed; nothing was sent to the server then. */
  dialThrough: (way: Way, target: { host: string; port: number }) => Promise<Socket>;
}

/** Databases that an agent asks in its network. */
export interface ByAgent {
  queryByAgent: (query: QueryByAgent) => Promise<JsonValue>;
}
export interface QueryByAgent {
  agent: Extract<Way, { kind: 'agent' }>;
  host: string;
  port: number;
  credential: { kind: string; name: string; settings: Record<string, string>; secret: Record<string, string> };
  request: (Omit<DatabaseRequest, 'credential' | 'part' | 'values'> & { values: DatabaseValue[] }) | null;
  totalMs: number;
  signal?: AbortSignal | undefined;
}

/** The way of a connection: to its own server and, straight, to where that sends us, as far as that may be reached. */
export function dialFor(access: DatabaseAccess, { vet, dialThrough }: Roads): Dial {
  const { via, isTrusted } = access;
  const isOwn = (host: string, port: number): boolean => host === access.host && port === access.port;
  return async (host, port) => {
    if (via === null) return dialVetted(await vet(host, port, { isTrusted: isTrusted && isOwn(host, port) }), port);
    if (isOwn(host, port)) return dialThrough(via, { host, port });
    throw new HoldfastError('egress.blocked', {
      detail: say`${access.host} sends us on to ${host}:${port}, and only ${access.host}:${access.port} may be reached on the way of this connection. Nothing was asked.`,
      hint: 'Give the address of that other server.',
    });
  };
}
