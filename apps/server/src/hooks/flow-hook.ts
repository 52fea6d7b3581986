import { HoldfastError } from '@holdfast/errors';
import { cleanText, type JsonValue } from '@holdfast/node-kit';
import type { Request, Response } from 'express';
import type { ServerDeps } from '../deps.ts';
import { jsonLimits, parseMediaType, readBody } from '../http/read-body.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import { admitCall, type RawCall } from './admit-call.ts';
import type { WebhookAnswer } from './answer-call.ts';

/** A webhook trigger: starts the published version and answers as its settings say. */
export async function answerFlowHook(deps: ServerDeps, request: Request, response: Response): Promise<void> {
  const { runs } = deps;
  const path = cleanText(String(request.params['path']));
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return answerLook(runs, path, request, response);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const call = await readCall(request);
  const { method } = request;
  const answer = await runs.startWebhook({ path, method, signal: gone.signal, admit: (trigger) => admitCall(deps, call, trigger) });
  if (!response.closed) send(response, answer);
}

function send(response: Response, { run, status, type, headers, body }: WebhookAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('cache-control', headers['cache-control'] ?? 'no-store');
  if (run !== null) response.setHeader('x-holdfast-run', run);
  // A flow may answer with anything; a browser must not run it with our origin's rights.
  response.setHeader('content-security-policy', "sandbox; default-src 'none'");
  response.status(status);
  if (status === 204 || status === 205 || status === 304) response.end();
  else response.type(type).send(body);
}

/** The call as it came; its body is read no further than its bytes. */
async function readCall(request: Request): Promise<RawCall> {
  const bytes = await readBody(request, jsonLimits);
  return {
    headers: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
      ),
    ),
    query: Object.fromEntries(
      [...new URLSearchParams(request.url.split('?')[1] ?? '')].map(([key, value]) => [cleanText(key), cleanText(value)]),
    ),
    bytes,
    read: () => parseHookBody(bytes, request.headers['content-type']),
  };
}

/** Link checkers, previews and browsers only look; whoever looks starts nothing. */
async function answerLook(runs: ServerDeps['runs'], path: string, request: Request, response: Response): Promise<void> {
  const methods = await runs.webhookMethods(path);
  response.setHeader('allow', ['OPTIONS', 'HEAD', ...methods].join(', '));
  response.status(request.method === 'HEAD' ? 200 : 204).end();
}

/** JSON as data, a form as texts, everything else as text. Files are not taken here. */
function parseHookBody(bytes: Buffer, contentType: string | undefined): JsonValue {
  if (bytes.length === 0) return null;
  const type = parseMediaType(contentType)?.type ?? '';
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
