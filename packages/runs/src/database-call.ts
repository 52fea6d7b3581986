import { HoldfastError } from '@holdfast/errors';
import {
  isJsonObject,
  type DatabaseAnswer,
  type DatabaseRequest,
  type EgressRequest,
  type EgressResponse,
  type JsonValue,
} from '@holdfast/node-kit';
import type { ExecutionDeps, ResolvedCredential } from './deps.ts';

/** A statement goes through the same gate and the same ledger as calls by HTTP do, dressed as one. */
export interface DatabaseCall extends EgressRequest {
  isIdempotent: boolean;
  database: DatabaseRequest;
}

export const databaseCall = (ask: DatabaseRequest): DatabaseCall => ({
  method: ask.operation === 'query' ? 'QUERY' : 'CHANGE',
  url: 'sql://database/',
  body: JSON.stringify([ask.credential, ask.sql, ask.values, ask.mostRows]),
  credential: ask.credential,
  isIdempotent: ask.operation === 'query' || ask.isRepeatable,
  timeoutMs: ask.timeoutMs,
  ...(ask.part === undefined ? {} : { part: ask.part }),
  database: ask,
});

interface Performing {
  deps: Pick<ExecutionDeps, 'databases'>;
  workspaceId: string;
  credential: ResolvedCredential | undefined;
  signal: AbortSignal;
}

/** The one attempt, for the gate. Nothing for a call by HTTP. */
export function performed(
  request: EgressRequest & { database?: DatabaseRequest },
  { deps, workspaceId, credential, signal }: Performing,
): { perform?: (onWriting: () => void) => Promise<EgressResponse> } {
  const { database } = request;
  if (!database) return {};
  return {
    perform: async (onWriting) => {
      if (!credential || !deps.databases)
        throw new HoldfastError('credential.missing', { detail: 'This step names no database.', path: 'credential' });
      const startedAt = performance.now();
      onWriting();
      const answer = await deps.databases.query({ workspaceId, credential, request: database, signal }).catch((error: unknown) => {
        throw request.isIdempotent ? repeatable(error) : error;
      });
      return { status: 200, headers: {}, body: asJson(answer), durationMs: Math.round(performance.now() - startedAt) };
    },
  };
}

/** Nobody needs to know whether it was done: it may be made again. */
const repeatable = (error: unknown): unknown =>
  error instanceof HoldfastError && error.code === 'upstream.ambiguous'
    ? new HoldfastError('upstream.unreachable', { detail: error.words.detail, cause: error })
    : error;

const asJson = ({ rows, rowCount, isTruncated, refusal }: DatabaseAnswer): JsonValue => ({
  rows,
  rowCount,
  isTruncated,
  refusal: refusal && { ...refusal },
});

/** What `performed` made, also when it comes from the ledger. Throws upstream.broken for anything else (a fault that is pretended). */
export function answerOf({ body }: EgressResponse): DatabaseAnswer {
  if (isJsonObject(body) && Array.isArray(body['rows'])) return body as unknown as DatabaseAnswer; // as: its shape was just looked at, and nobody else writes such bodies
  throw new HoldfastError('upstream.broken', { detail: 'The database answered with something that can’t be read.' });
}
