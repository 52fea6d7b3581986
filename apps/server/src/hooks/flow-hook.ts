import { HoldfastError } from '@holdfast/errors';
import { cleanText, type JsonValue } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { jsonLimits, parseMediaType, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';

/** Never handed to a flow: they prove who the caller is to us or to a proxy. */
const privateHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** A webhook trigger: starts the published version and answers "received", or with the run's result. */
export async function answerFlowHook({ runs }: ServerDeps, request: Request, response: Response): Promise<void> {
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return answerLook(runs, request, response);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const answer = await runs.startWebhook({
    path: cleanText(String(request.params['path'])),
    method: request.method,
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        privateHeaders.has(name) || value === undefined ? [] : [[name, cleanText(Array.isArray(value) ? value.join(', ') : value)]],
      ),
    ),
    query: Object.fromEntries(
      [...new URLSearchParams(request.url.split('?')[1] ?? '')].map(([key, value]) => [cleanText(key), cleanText(value)]),
    ),
    body: await readHookBody(request),
    signal: gone.signal,
  });
  if (response.closed) return;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-holdfast-run', answer.run);
  // A flow may answer with anything; a browser must not run it with our origin's rights.
  response.setHeader('content-security-policy', "sandbox; default-src 'none'");
  if (answer.state === 'ended' && typeof answer.result === 'string') response.status(answer.status).type('text/plain').send(answer.result);
  else if (answer.state === 'ended') response.status(answer.status).json(answer.result);
  else response.status(statusOf[answer.state]).json({ run: answer.run, state: answer.state });
}

/** Link checkers, previews and browsers only look; whoever looks starts nothing. */
async function answerLook(runs: ServerDeps['runs'], request: Request, response: Response): Promise<void> {
  const methods = await runs.webhookMethods(cleanText(String(request.params['path'])));
  response.setHeader('allow', ['OPTIONS', 'HEAD', ...methods].join(', '));
  response.status(request.method === 'HEAD' ? 200 : 204).end();
}

const statusOf = { received: 200, running: 202, attention: 202, failed: 502 } as const;

/** JSON as data, a form as texts, everything else as text. Files are not taken here. */
async function readHookBody(request: Request): Promise<JsonValue> {
  const bytes = await readBody(request, jsonLimits);
  if (bytes.length === 0) return null;
  const type = parseMediaType(request.headers['content-type'])?.type ?? '';
  if (/^application\/(json|[a-z0-9.+-]+\+json)$/.test(type)) return parseStrictJson(bytes, { refuseLossyKeys: false });
  if (type === 'application/x-www-form-urlencoded')
    return Object.fromEntries([...new URLSearchParams(bytes.toString('utf8'))].map(([key, value]) => [cleanText(key), cleanText(value)]));
  if (type.startsWith('multipart/'))
    throw new HoldfastError('request.unsupported-media', {
      detail: 'This address takes JSON, forms and text; it takes no files.',
      hint: 'Send JSON.',
    });
  return cleanText(bytes.toString('utf8'));
}
