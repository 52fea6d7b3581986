import { codes, type ErrorCode, HoldfastError, say, type Words } from '@holdfast/errors';
import { jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import type { Deadline } from '../deadline.ts';
import { tooLarge } from '../exchange.ts';
import { leftOpen } from '../failure.ts';
import type { Arrival, Travel } from '../travel.ts';
import type { CarriedQuery } from './carried-query.ts';
import type { Way } from './way.ts';

/** Of a body that goes over an agent, either way. */
export const mostCarriedBytes = 10 * 1024 * 1024;

const texts = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();

/** A call as an agent gets it. */
export const carriedCall = z.object({
  url: z.url({ protocol: /^https?$/ }).max(16_000),
  method: z.string().max(10),
  headers: texts,
  /** Sent to the first origin only. */
  secretHeaders: texts,
  /** In base64. */
  body: z.string().nullable(),
  isIdempotent: z.boolean(),
  /** What it may reach, redirects included, by the server's word; the agent's own list comes on top. */
  hosts: z.array(z.string().max(300)).max(100),
  limits: z.object({
    connectMs: count,
    headersMs: count,
    idleMs: count,
    totalMs: count,
    bodyBytes: count,
    headerBytes: count,
    redirects: count,
  }),
});
export type CarriedCall = z.infer<typeof carriedCall>;

/** As if it had come over a socket of ours: there no header has a second line, and no text half a character. */
const heard = z
  .record(z.string().regex(/^[!#$%&'*+\-.^_`|~0-9a-z]+$/), z.string())
  .transform((headers) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll(/[\r\n\0]/g, ' ').toWellFormed()])),
  );

/** What became of it. */
export const outcome = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('answered'),
    status: z.number().int().min(200).max(999),
    headers: heard,
    /** In base64, unpacked. */
    body: z.string(),
    url: z.url(),
    wasActedOn: z.boolean(),
  }),
  z.object({ state: z.literal('failed'), code: z.string().max(60), detail: z.string().max(2_000), hint: z.string().max(1_000).optional() }),
  /** Of a database: its answer, or who it is. */
  z.object({ state: z.literal('asked'), answer: jsonValue }),
  /** It was begun, and nobody knows how it ended. */
  z.object({ state: z.literal('unknown') }),
]);
export type Outcome = z.infer<typeof outcome>;

export interface Carried {
  agent: Extract<Way, { kind: 'agent' }>;
  call: CarriedCall | CarriedQuery;
  deadline: Deadline;
}
/** Has an agent make one call. Throws HoldfastErrors that say what was sent when the agent can't be asked, or did not answer in time. */
export type Carry = (carried: Carried) => Promise<Outcome>;

type ByAgent = Travel & { agent: Carried['agent']; hosts: readonly string[] };

/**
 * One attempt that an agent makes in its own network. Its first byte is not told of (`onWriting`): it is written at a moment that we don't see, so
 * limits count such a call until it has ended.
 */
export async function travelByAgent(carry: Carry | null, given: ByAgent, deadline: Deadline): Promise<Arrival> {
  if (!carry) throw new HoldfastError('upstream.unreachable', { detail: 'No agents are connected to this process. Nothing was sent.' });
  if ((given.body?.length ?? 0) > mostCarriedBytes)
    throw new HoldfastError('step.config', {
      detail: say`An agent carries ${mostCarriedBytes / 1024 / 1024} MB at most, and this call has more. Nothing was sent.`,
    });
  return arrivalOf(await carry({ agent: given.agent, call: toCarried(given), deadline }), given);
}

const toCarried = ({ url, method, headers, secretHeaders, body, isIdempotent, hosts, limits }: ByAgent): CarriedCall => ({
  url: url.href,
  method,
  headers,
  secretHeaders,
  body: body?.toString('base64') ?? null,
  isIdempotent,
  hosts: [...hosts],
  limits: { ...limits, bodyBytes: Math.min(limits.bodyBytes, mostCarriedBytes) },
});

function arrivalOf(ended: Outcome, { url, isIdempotent, limits }: ByAgent): Arrival {
  switch (ended.state) {
    case 'answered': {
      const body = Buffer.from(ended.body, 'base64');
      if (body.length <= limits.bodyBytes) return { ...ended, body, url: new URL(ended.url) };
      throw isIdempotent ? tooLarge(url.host, limits.bodyBytes) : leftOpen(tooLarge(url.host, limits.bodyBytes), url.host);
    }
    case 'failed':
      throw failureOf(ended, { host: url.host, isIdempotent });
    // What a database answered is none to this.
    case 'asked':
    case 'unknown':
      throw unknownEnd(say`made the call to ${url.host}`, isIdempotent);
  }
}

/** The agent stopped while it did this. */
export const unknownEnd = (what: Words, isIdempotent: boolean): HoldfastError =>
  new HoldfastError(isIdempotent ? 'upstream.broken' : 'upstream.ambiguous', {
    detail: say`The agent stopped while it ${what}${isIdempotent ? '' : ', so nobody knows whether it was carried out'}.`,
    ...(isIdempotent ? {} : { hint: 'Look there whether it happened before you send it again.' }),
  });

/** An agent speaks of its own call only; whatever else it says leaves open what happened. */
export function failureOf(
  { code, detail, hint }: Extract<Outcome, { state: 'failed' }>,
  { host, isIdempotent }: { host: string; isIdempotent: boolean },
) {
  const known = /^(?:upstream|egress|step|credential)\./.test(code) && code in codes;
  const error = new HoldfastError(known ? (code as ErrorCode) : 'upstream.broken', { detail, ...(hint === undefined ? {} : { hint }) }); // looked up in the line above
  return known || isIdempotent ? error : leftOpen(error, host);
}
