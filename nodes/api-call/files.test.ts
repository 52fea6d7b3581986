import type { EgressRequest, EgressResponse } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { expect, test } from 'vitest';
import { apiCall } from './node.ts';
import { runApiCall } from './run.ts';

const stored = { id: 'file_1', name: 'a"b.pdf', mimeType: 'application/pdf', sizeBytes: 5, content: new TextEncoder().encode('%PDF-') };

async function call(given: object, reply: Partial<EgressResponse> = {}) {
  const requests: EgressRequest[] = [];
  const saved: { name: string; mimeType: string }[] = [];
  const { context } = effectContext({
    egress: { request: async (request) => (requests.push(request), { status: 200, headers: {}, body: null, durationMs: 5, ...reply }) },
    files: {
      read: async () => stored,
      save: async ({ name, mimeType, content }) => (
        saved.push({ name, mimeType }),
        { id: 'file_2', name, mimeType, sizeBytes: content.length }
      ),
    },
  });
  const config = JSON.parse(JSON.stringify(apiCall.config.parse({ url: 'https://shop.test/a', ...given })));
  const outcome = await runApiCall.run({ config, context }).catch((error: unknown) => error);
  return { request: requests[0], outcome, saved };
}

test('a file is sent as it is, with its type', async () => {
  const { request } = await call({ method: 'PUT', bodyKind: 'file', file: '{"id":"file_1"}' });
  expect(request).toMatchObject({ body: stored.content, headers: { 'content-type': 'application/pdf' } });
});

test('a form with files keeps each value in its own part', async () => {
  const form = { note: 'x\r\n--holdfast\r\n', 'odd"\r\nname': '1' };
  const { request } = await call({
    method: 'POST',
    bodyKind: 'multipart',
    form,
    files: { doc: 'file_1' },
    headers: { 'Content-Type': 'text/plain' },
  });
  const { body, headers } = request ?? {};
  const type = headers?.['content-type'] ?? '';
  expect(Object.keys(headers ?? {})).not.toContain('Content-Type');
  const read = await new Response(Buffer.from(body ?? ''), { headers: { 'content-type': type } }).formData();
  expect([...read.keys()]).toEqual(['note', 'odd"\r\nname', 'doc']);
  expect(read.get('note')).toBe(form.note);
  const doc = read.get('doc');
  expect(doc).toMatchObject({ type: 'application/pdf', size: 5 });
});

test('nothing is sent where no file is named', async () => {
  const { request, outcome } = await call({ method: 'POST', bodyKind: 'multipart', files: { doc: '' } });
  expect(request).toBeUndefined();
  expect(outcome).toMatchObject({ code: 'step.config', path: 'files.doc' });
});

test.each([
  [
    { 'content-type': 'image/png', 'content-disposition': `attachment; filename="x.png"; filename*=UTF-8''r%C3%A9.pdf` },
    '%PDF-1',
    'ré.pdf',
    'application/pdf',
  ],
  [{ 'content-type': 'text/html', 'content-disposition': 'inline; filename="a.html"' }, '<script>', 'a.html', 'application/octet-stream'],
  [{ 'content-type': 'text/csv; charset=utf-8' }, 'a;b', 'answer', 'text/csv'],
  [
    { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
    'PK\u0003\u0004',
    'answer',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
])('an answer is kept as a file with the type that its bytes show: %j', async (headers, text, name, mimeType) => {
  const { request, outcome, saved } = await call({ answerAs: 'file' }, { headers, bytes: new TextEncoder().encode(text) });
  expect(request).toMatchObject({ expect: 'bytes' });
  expect(saved).toEqual([{ name, mimeType }]);
  expect(outcome).toMatchObject({ port: 'ok', output: { body: null, file: { id: 'file_2', name, mimeType } } });
});
