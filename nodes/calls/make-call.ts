import { HoldfastError, say } from '@holdfast/errors';
import {
  parseDuration,
  type EffectContext,
  type EgressRequest,
  type EgressResponse,
  type FileRef,
  type JsonValue,
  type Outcome,
} from '@holdfast/node-kit';
import { cacheOf, fallbacksOf, hasPages, isRepeatable, type CallSettings } from './call-settings.ts';
import { jsonOf } from './json-of.ts';
import { keepForLater } from './keep-for-later.ts';
import { orStandIn, type Instead, type StandIn } from './or-stand-in.ts';
import { readPages, type AllPages } from './read-pages.ts';
import { refuseUnheard } from './refuse-unheard.ts';
import { saveAnswer } from './save-answer.ts';

/** Headers of an answer that later steps may need; the rest says more about the service than about the answer. */
const kept = new Set(['content-type', 'location', 'etag', 'last-modified', 'link', 'x-request-id', 'retry-after']);

/** What differs between steps: where the call goes and what it carries. */
export type PlainRequest = Pick<EgressRequest, 'url' | 'query' | 'headers' | 'body'>;

/** Makes a call as its settings say: with pages, a file, and what stands in when it comes to nothing. */
export async function makeCall(context: EffectContext, settings: CallSettings, plain: PlainRequest): Promise<Outcome> {
  const request = requestOf(settings, plain, context.idempotencyKey);
  const behind = await keepForLater(context, settings, request, { onlyBehind: true });
  if (behind) return behind;
  const ask = async (): Promise<Outcome> => {
    const answer = await call(context, settings, request);
    refuseUnheard(context, request, answer.status);
    return outcomeOf(context, settings, answer, null);
  };
  return orStandIn(context, ask, standInsOf(settings, context, request));
}

function requestOf(settings: CallSettings, { headers, ...plain }: PlainRequest, idempotencyKey: string): EgressRequest {
  const isKeyed = settings.idempotencyHeader !== '' && (settings.method === 'POST' || settings.method === 'PATCH');
  const cache = cacheOf(settings);
  return {
    method: settings.method,
    ...plain,
    headers: {
      accept: settings.answerAs === 'file' ? '*/*' : 'application/json, text/*;q=0.9, */*;q=0.5',
      ...headers,
      ...(isKeyed ? { [settings.idempotencyHeader]: idempotencyKey } : {}),
    },
    ...(settings.credential ? { credential: settings.credential } : {}),
    ...(settings.answerAs === 'file' ? { expect: 'bytes' as const } : {}),
    isIdempotent: isRepeatable(settings),
    timeoutMs: parseDuration(settings.timeout),
    ...(cache ? { cache } : {}),
    hasFallback: fallbacksOf(settings).length > 0,
  };
}

/** The service gave up on the request or did not want it this early: both ask for it again, but neither says that nothing was done. */
function refuseUnfinished(status: number, { url, isIdempotent }: EgressRequest): void {
  if (status !== 408 && status !== 425) return;
  const host = URL.parse(url)?.host ?? url;
  if (isIdempotent)
    throw new HoldfastError('upstream.broken', { detail: say`${host} answered ${status}: it asks for the same call again.` });
  throw new HoldfastError('upstream.ambiguous', {
    detail: say`${host} answered ${status}: it did not finish with the request, which may have been carried out all the same.`,
    hint: 'Look into the service whether it happened; then try again, or skip this step.',
  });
}

type Answer = EgressResponse & Partial<AllPages>;

async function call(context: EffectContext, settings: CallSettings, request: EgressRequest): Promise<Answer> {
  const once = async (asked: EgressRequest): Promise<EgressResponse> => {
    const response = await context.egress.request(asked);
    refuseUnfinished(response.status, asked);
    return response;
  };
  return hasPages(settings) ? readPages(once, settings, request) : once(request);
}

/** What stands in for an answer that did not come, in this order. */
function standInsOf(settings: CallSettings, context: EffectContext, request: EgressRequest): StandIn[] {
  const { cache, ...plain } = request;
  const second = settings.secondUrl.trim();
  const told = async (instead: Instead, answer: Promise<Answer>): Promise<Outcome> => outcomeOf(context, settings, await answer, instead);
  return [
    ...(second === ''
      ? []
      : [standIn('second', () => told('second', call(context, settings, { ...plain, url: second, part: 'second', hasFallback: true })))]),
    ...(cache?.staleForMs === undefined
      ? []
      : [standIn('stale', () => told('stale', context.egress.request({ ...request, cache: { ...cache, use: 'stale' } })))]),
    ...(settings.standIn.trim() === ''
      ? []
      : [
          standIn('default', async () =>
            told('default', Promise.resolve({ status: 200, headers: {}, body: jsonOf(settings.standIn, 'standIn'), durationMs: 0 })),
          ),
        ]),
    standIn('keep', () => keepForLater(context, settings, request)),
  ];
}

const standIn = (instead: Instead, ask: StandIn['ask']): StandIn => ({ instead, ask });

async function outcomeOf(context: EffectContext, settings: CallSettings, answer: Answer, fallback: Instead | null): Promise<Outcome> {
  const { status, durationMs, cached, items, pages, hasMore } = answer;
  const paged = pages === undefined ? {} : { pages, hasMore: hasMore ?? false };
  context.note({ status, durationMs, ...(cached ? { cached: { ...cached } } : {}), ...(fallback ? { fallback } : {}), ...paged });
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => kept.has(name)));
  const file = answer.bytes ? await saveAnswer(context, answer, settings.fileName) : null;
  const output = {
    status,
    body: answer.body,
    headers,
    ...(fallback ? { fallback } : {}),
    ...(items ? { items, ...paged } : {}),
    ...(file ? { file: plainFile(file) } : {}),
  };
  return { port: status < 400 ? 'ok' : 'refused', output };
}

const plainFile = ({ id, name, mimeType, sizeBytes }: FileRef): Record<string, JsonValue> => ({ id, name, mimeType, sizeBytes });
