import { HoldfastError } from '@holdfast/errors';
import { implement, parseDuration, type EgressRequest } from '@holdfast/node-kit';
import { apiCall, type ApiCallConfig } from './node.ts';

const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded', text: 'text/plain; charset=utf-8' } as const;
/** Headers of an answer that later steps may need; the rest says more about the service than about the answer. */
const kept = new Set(['content-type', 'location', 'etag', 'last-modified', 'link', 'x-request-id', 'retry-after']);
const repeatable = new Set(['GET', 'PUT', 'DELETE']);

function bodyOf(config: ApiCallConfig): string | undefined {
  if (config.method === 'GET' || config.bodyKind === 'none') return undefined;
  if (config.bodyKind === 'form') return new URLSearchParams(config.form).toString();
  if (config.bodyKind === 'text') return config.text;
  checkJson(config.body);
  return config.body;
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new HoldfastError('step.config', {
      detail: `The content is not JSON once its values are filled in: ${error instanceof Error ? error.message : "it can't be read"}.`,
      hint: 'Look for missing commas and quotes: {"name": "{{ contact.name }}", "total": {{ trigger.body.total }}}.',
      path: 'body',
      cause: error,
    });
  }
}

function requestOf(config: ApiCallConfig, idempotencyKey: string): EgressRequest {
  const body = bodyOf(config);
  const isKeyed = config.idempotencyHeader !== '' && !repeatable.has(config.method);
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
    isIdempotent: repeatable.has(config.method) || isKeyed,
    timeoutMs: parseDuration(config.timeout),
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

export const runApiCall = implement(apiCall, async ({ config, context }) => {
  const request = requestOf(config, context.idempotencyKey);
  const response = await context.egress.request(request);
  context.note({ status: response.status, durationMs: response.durationMs });
  refuseUnfinished(response.status, request);
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => kept.has(name)));
  return { port: response.status < 400 ? 'ok' : 'refused', output: { status: response.status, body: response.body, headers } };
});
