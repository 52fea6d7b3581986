import { HoldfastError, toProblem } from '@holdfast/errors';
import {
  implement,
  parseDuration,
  type EffectContext,
  type EgressRequest,
  type EgressResponse,
  type JsonValue,
  type Outcome,
} from '@holdfast/node-kit';
import { apiCall, fallbacksOf, isRepeatable, type ApiCallConfig } from './node.ts';

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded', text: 'text/plain; charset=utf-8' } as const;
/** Headers of an answer that later steps may need; the rest says more about the service than about the answer. */
const kept = new Set(['content-type', 'location', 'etag', 'last-modified', 'link', 'x-request-id', 'retry-after']);

function bodyOf(config: ApiCallConfig): string | undefined {
  if (config.method === 'GET' || config.bodyKind === 'none') return undefined;
  if (config.bodyKind === 'form') return new URLSearchParams(config.form).toString();
  if (config.bodyKind === 'text') return config.text;
  jsonOf(config.body, 'body');
  return config.body;
}

function jsonOf(text: string, path: 'body' | 'standIn'): JsonValue {
  try {
    return JSON.parse(text) as JsonValue; // what JSON.parse makes is JSON
  } catch (error) {
    throw new HoldfastError('step.config', {
      detail: `The content is not JSON once its values are filled in: ${error instanceof Error ? error.message : "it can't be read"}.`,
      hint: 'Look for missing commas and quotes: {"name": "{{ contact.name }}", "total": {{ trigger.body.total }}}.',
      path,
      cause: error,
    });
  }
}

function requestOf(config: ApiCallConfig, idempotencyKey: string): EgressRequest {
  const body = bodyOf(config);
  const isKeyed = config.idempotencyHeader !== '' && (config.method === 'POST' || config.method === 'PATCH');
  const hasType = Object.keys(config.headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    method: config.method,
    url: config.url.trim(),
    query: config.query,
    headers: {
      accept: 'application/json, text/*;q=0.9, */*;q=0.5',
      ...(body === undefined || hasType || config.bodyKind === 'none' ? {} : { 'content-type': contentTypes[config.bodyKind] }),
      ...config.headers,
      ...(isKeyed ? { [config.idempotencyHeader]: idempotencyKey } : {}),
    },
    ...(body === undefined ? {} : { body }),
    ...(config.credential ? { credential: config.credential } : {}),
    isIdempotent: isRepeatable(config),
    timeoutMs: parseDuration(config.timeout),
    ...cacheOf(config),
    hasFallback: fallbacksOf(config).length > 0,
  };
}

function cacheOf({ keepFor, staleFor, keptUnder }: ApiCallConfig): Pick<EgressRequest, 'cache'> {
  if (keepFor === undefined && staleFor === undefined) return {};
  return {
    cache: {
      forMs: keepFor === undefined ? 0 : parseDuration(keepFor),
      ...(staleFor === undefined ? {} : { staleForMs: parseDuration(staleFor) }),
      ...(keptUnder.trim() === '' ? {} : { key: keptUnder.trim() }),
    },
  };
}

/** The service gave up on the request or did not want it this early: both ask for it again, but neither says that nothing was done. */
function refuseUnfinished(status: number, { url, isIdempotent }: EgressRequest): void {
  if (status !== 408 && status !== 425) return;
  const host = URL.parse(url)?.host ?? url;
  if (isIdempotent) throw new HoldfastError('upstream.broken', { detail: `${host} answered ${status}: it asks for the same call again.` });
  throw new HoldfastError('upstream.ambiguous', {
    detail: `${host} answered ${status}: it did not finish with the request, which may have been carried out all the same.`,
    hint: 'Look into the service whether it happened; then try again, or skip this step.',
  });
}

async function call(context: EffectContext, request: EgressRequest): Promise<EgressResponse> {
  const response = await context.egress.request(request);
  refuseUnfinished(response.status, request);
  return response;
}

type Instead = 'second' | 'stale' | 'default';

/** What stands in for an answer that did not come, or null. Never after a call that may have been carried out. */
async function standIn(config: ApiCallConfig, context: EffectContext, request: EgressRequest): Promise<[Instead, EgressResponse] | null> {
  const { cache, ...plain } = request;
  if (config.secondUrl.trim() !== '') {
    const second = await orNothing(call(context, { ...plain, url: config.secondUrl.trim(), part: 'second', hasFallback: true }));
    if (second) return ['second', second];
  }
  if (cache?.staleForMs !== undefined) {
    const old = await orNothing(context.egress.request({ ...request, cache: { ...cache, use: 'stale' } }));
    if (old) return ['stale', old];
  }
  if (config.standIn.trim() === '') return null;
  return ['default', { status: 200, headers: {}, body: jsonOf(config.standIn, 'standIn'), durationMs: 0 }];
}

/** Null where the next thing in line may do better. */
const orNothing = (asked: Promise<EgressResponse>): Promise<EgressResponse | null> =>
  asked.catch((error: unknown) => {
    if (isPassing(error)) return null;
    throw error;
  });

/** Trouble of the service, not of our own database. */
const isPassing = (error: unknown): error is HoldfastError =>
  error instanceof HoldfastError && error.meaning.retry === 'later' && error.code !== 'database.unavailable';

function outcomeOf(context: EffectContext, response: EgressResponse, fallback: Instead | null): Outcome {
  const { status, durationMs, cached } = response;
  context.note({ status, durationMs, ...(cached ? { cached: { ...cached } } : {}), ...(fallback ? { fallback } : {}) });
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => kept.has(name)));
  const output = { status, body: response.body, headers, ...(fallback ? { fallback } : {}) };
  return { port: status < 400 ? 'ok' : 'refused', output };
}

export const runApiCall = implement(apiCall, async ({ config, context }) => {
  const request = requestOf(config, context.idempotencyKey);
  try {
    return outcomeOf(context, await call(context, request), null);
  } catch (error) {
    // While attempts are left, the service itself is worth another try; one that is known to be down is not waited for.
    if (!isPassing(error) || !(context.isLastAttempt || error.code === 'upstream.down')) throw error;
    const found = await standIn(config, context, request);
    if (!found) throw error;
    const [instead, response] = found;
    context.note({ problem: { ...toProblem(error) } });
    return outcomeOf(context, response, instead);
  }
});
