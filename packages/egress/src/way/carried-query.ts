import { HoldfastError, say } from '@holdfast/errors';
import { databaseValueKinds, jsonValue, type JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { openDeadline, type Signal } from '../deadline.ts';
import { errorWithout } from '../error-without.ts';
import { failureOf, unknownEnd, type Carry } from './carried.ts';
import type { Way } from './way.ts';

const texts = z.record(z.string(), z.string());

/** A statement for a database, as an agent gets it: the agent asks it, and keeps to what it would keep to here. */
export const carriedQuery = z.object({
  /** The one server that may be asked. */
  url: z.url({ protocol: /^tcp$/ }).max(400),
  credential: z.object({ kind: z.string().max(60), name: z.string().max(200), settings: texts, secret: texts }),
  /** Null only looks whether it answers. */
  request: z
    .object({
      operation: z.enum(['query', 'change']),
      sql: z.string().max(1_000_000),
      values: z
        .array(z.object({ name: z.string(), value: jsonValue, as: z.enum(databaseValueKinds), emptyIsNull: z.boolean() }))
        .max(1_000),
      mostRows: z.number().int().positive(),
      timeoutMs: z.number().positive(),
      isRepeatable: z.boolean(),
    })
    .nullable(),
  isIdempotent: z.boolean(),
  limits: z.object({ totalMs: z.number().int().positive() }),
});
export type CarriedQuery = z.infer<typeof carriedQuery>;

/** What an agent is asked to ask a database. */
export interface QueryByAgent extends Pick<CarriedQuery, 'credential' | 'request'> {
  agent: Extract<Way, { kind: 'agent' }>;
  host: string;
  port: number;
  totalMs: number;
  signal?: Signal | undefined;
}

/** What a database answered, as the agent tells it. Throws HoldfastErrors that say what was asked: upstream.ambiguous for a change whose keeping nobody knows of. */
export async function queryByAgent(carry: Carry | null, given: QueryByAgent): Promise<JsonValue> {
  const { agent, host, port, totalMs, credential, request, signal } = given;
  if (!carry) throw new HoldfastError('upstream.unreachable', { detail: 'No agents are connected to this process. Nothing was asked.' });
  const isIdempotent = request === null || request.operation === 'query' || request.isRepeatable;
  const url = `tcp://${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`;
  const deadline = openDeadline(totalMs, signal);
  try {
    const ended = await carry({ agent, call: { url, credential, request, isIdempotent, limits: { totalMs } }, deadline });
    switch (ended.state) {
      case 'asked':
        return ended.answer;
      case 'failed':
        throw errorWithout(failureOf(ended, { host, isIdempotent }), Object.values(credential.secret));
      // An answer to a web call is none to this.
      case 'answered':
      case 'unknown':
        throw unknownEnd(say`asked ${host}`, isIdempotent);
    }
  } finally {
    deadline.close();
  }
}
