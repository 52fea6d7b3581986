import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  claimAsking,
  endAsking,
  findKeptAnswer,
  keepAnswer,
  trimKeptAnswers,
  type AnswerKey,
  type KeptAnswer,
  type Pool,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { CacheUse, EgressRequest, EgressResponse } from '@holdfast/node-kit';
import type { Admission, ProviderCall } from './admission.ts';
import type { Provider } from './provider-of.ts';

/** A larger answer is not kept. */
const maxAnswerBytes = 256_000;
/** A workspace's oldest answers are forgotten beyond this. */
const maxWorkspaceBytes = 50_000_000;
/** How often the sum is looked at. */
const trimEvery = 50;

/** What a call may be answered from. Null: it may not be answered by another one's answer. */
interface CacheEntry extends AnswerKey {
  provider: string;
  use: CacheUse;
}

const mayBeKept = new Set(['GET', 'HEAD', 'POST']);

/**
 * The key is a hash: an address or a header may hold a secret. Headers belong to it, since they may say who asks; so answers never cross
 * credentials, however these are sent.
 */
export function cacheEntryOf(provider: Provider, request: EgressRequest): CacheEntry | null {
  const { cache: use, method, url, query = {}, body = '', headers = {}, credential = '' } = request;
  if (!use || request.isIdempotent === false || !mayBeKept.has(method.toUpperCase())) return null;
  // Files have a place of their own.
  if (typeof body !== 'string' || request.expect === 'bytes') return null;
  const asked = use.key === undefined ? ['address', url, sorted(query), body] : ['key', use.key];
  const all = [provider.key, method.toUpperCase(), credential, sorted(headers), ...asked];
  const key = createHash('sha256').update(JSON.stringify(all)).digest('base64url');
  return { workspaceId: provider.workspaceId, key, provider: provider.key, use };
}

const sorted = (pairs: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(pairs)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));

/** `isMine`: nobody else asks, so this call's answer is kept for all. Otherwise waiting for another one's answer took too long. */
type Lookup = { state: 'answered'; response: EgressResponse } | { state: 'ask'; isMine: boolean };

interface Asking {
  entry: CacheEntry;
  call: ProviderCall;
  /** Room at the provider itself. */
  admitted: () => Promise<Admission>;
}

/** An answer that is kept, or room for a call whose answer will be. */
export async function throughCache(pool: Pool, { entry, call, admitted }: Asking): Promise<Admission> {
  const found = await lookUp(pool, entry, call);
  if (found.state === 'answered') return found;
  if (!found.isMine) return admitted();
  const admission = await admitted().catch(async (error: unknown) => {
    await keep(pool, entry, null);
    throw error;
  });
  if (admission.state === 'go') return keeping(pool, entry, admission);
  await keep(pool, entry, null);
  return admission;
}

/** What becomes of the call is kept; or it is somebody else's turn to ask. */
const keeping = (pool: Pool, entry: CacheEntry, { send, giveUp }: Extract<Admission, { state: 'go' }>): Admission => ({
  state: 'go',
  send: async (options) => {
    let response: EgressResponse | null = null;
    try {
      response = await send(options);
      return response;
    } finally {
      await keep(pool, entry, response);
    }
  },
  giveUp: async () => {
    await keep(pool, entry, null);
    await giveUp();
  },
});

/** What is kept, where it is fresh enough; else one process asks and all others wait for its answer. */
async function lookUp(pool: Pool, entry: CacheEntry, call: ProviderCall): Promise<Lookup> {
  const timeoutMs = call.request.timeoutMs ?? 30_000;
  // Only kept for a bad day: each call asks for itself.
  if (entry.use.use !== 'stale' && entry.use.forMs === 0) return { state: 'ask', isMine: true };
  // For whoever asks on behalf of all: half of the call's own time at most.
  const until = performance.now() + timeoutMs / 2;
  for (let pauseMs = 20; ; pauseMs = Math.min(200, pauseMs * 2)) {
    const { kept, isAsked } = await findKeptAnswer(pool, entry);
    if (entry.use.use === 'stale') return { state: 'answered', response: oldAnswer(kept, entry.use) };
    if (kept && kept.ageMs <= entry.use.forMs) return { state: 'answered', response: responseOf(kept, false) };
    if (!isAsked && (await claimAsking(pool, entry, timeoutMs + 5_000))) return { state: 'ask', isMine: true };
    if (performance.now() > until || call.signal?.aborted) return { state: 'ask', isMine: false };
    await wait(pauseMs);
  }
}

function oldAnswer(kept: KeptAnswer | null, { forMs, staleForMs = 0 }: CacheUse): EgressResponse {
  if (kept && kept.ageMs <= Math.max(forMs, staleForMs)) return responseOf(kept, kept.ageMs > forMs);
  throw new HoldfastError('upstream.down', { detail: 'No earlier answer is kept that could stand in.' });
}

function responseOf({ answer, ageMs }: KeptAnswer, isStale: boolean): EgressResponse {
  // as: written by `keep` below.
  const { status, headers, body } = answer as unknown as Pick<EgressResponse, 'status' | 'headers' | 'body'>;
  return { status, headers, body, durationMs: 0, cached: { ageMs: Math.max(0, Math.round(ageMs)), isStale } };
}

let kept = 0;

/** What the provider said, for those who ask next; or nothing, so that the next one asks. Trouble here is no trouble of the call. */
async function keep(pool: Pool, entry: CacheEntry, response: EgressResponse | null): Promise<void> {
  const { status, headers, body } = response ?? { status: 0, headers: {}, body: null };
  const answer = JSON.stringify({ status, headers: withoutCookies(headers), body });
  const isWorthIt = status >= 200 && status < 300 && Buffer.byteLength(answer) <= maxAnswerBytes;
  const keepMs = Math.max(entry.use.forMs, entry.use.staleForMs ?? 0);
  await (isWorthIt ? keepAnswer(pool, { ...entry, answer, keepMs }) : endAsking(pool, entry)).catch(() => undefined);
  kept += 1;
  if (kept % trimEvery === 0) await trimKeptAnswers(pool, entry.workspaceId, maxWorkspaceBytes).catch(() => undefined);
}

const withoutCookies = (headers: EgressResponse['headers']): EgressResponse['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'set-cookie'));
