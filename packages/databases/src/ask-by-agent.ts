import { HoldfastError, say } from '@holdfast/errors';
import { jsonObject, type DatabaseAnswer } from '@holdfast/node-kit';
import { z } from 'zod';
import type { DatabaseAccess, Way } from './access.ts';
import type { DatabaseCall } from './create-databases.ts';
import type { ByAgent, QueryByAgent } from './dial.ts';
import { ambiguous } from './failure.ts';

/** Beyond the statement's own time: for the connection, which the agent opens anew or has, and for the way there and back. */
const graceMs = 20_000;
const testMs = 30_000;

/** What an agent may say that a database answered. */
const answered = z.object({
  rows: z.array(jsonObject),
  rowCount: z.number().int().nonnegative(),
  isTruncated: z.boolean(),
  refusal: z
    .object({
      kind: z.enum(['exists-already', 'refers-to-nothing', 'missing', 'rule', 'value', 'too-many']),
      constraint: z.string().nullable(),
      table: z.string().nullable(),
      columns: z.array(z.string()),
      reason: z.string(),
    })
    .nullable(),
});

interface Asking extends Pick<DatabaseCall, 'credential' | 'signal'> {
  access: DatabaseAccess;
  agent: Extract<Way, { kind: 'agent' }>;
}

/** One statement, asked by an agent in its own network. Throws as Databases.query does. */
export async function askByAgent(
  query: ByAgent['queryByAgent'],
  { request, ...asking }: Asking & Pick<DatabaseCall, 'request'>,
): Promise<DatabaseAnswer> {
  const { part: _, ...wanted } = request;
  const answer = answered.safeParse(
    await query({
      ...common(asking),
      request: { ...wanted, values: [...request.values] },
      totalMs: Math.round(request.timeoutMs) + graceMs,
    }),
  );
  if (answer.success) return answer.data;
  // It was asked, and what came of it can't be read.
  if (request.operation === 'change') throw ambiguous(asking.access, answer.error);
  throw new HoldfastError('upstream.broken', { detail: say`What ${asking.access.host} answered to the agent can't be read.` });
}

/** What answered, for people. */
export async function testByAgent(query: ByAgent['queryByAgent'], asking: Asking): Promise<string> {
  return z
    .string()
    .max(300)
    .catch('The database answers.')
    .parse(await query({ ...common(asking), request: null, totalMs: testMs }));
}

const common = ({ access: { host, port }, credential, agent, signal }: Asking): Omit<QueryByAgent, 'request' | 'totalMs'> => ({
  agent,
  host,
  port,
  credential: {
    kind: credential.kind,
    name: credential.name ?? '',
    settings: { ...credential.settings },
    secret: { ...credential.secret },
  },
  signal,
});
