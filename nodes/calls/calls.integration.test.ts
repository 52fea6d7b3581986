import { createHash } from 'node:crypto';
import { createEgress, type ResolvedCredential } from '@holdfast/egress';
import type { NewFile } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { startCanary, startHttpService, type Canary, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiCall } from '../api-call/node.ts';
import { runApiCall } from '../api-call/run.ts';

let service: HttpService;
let canary: Canary;
let egress: ReturnType<typeof createEgress>;
beforeAll(async () => {
  [service, canary] = await Promise.all([startHttpService(), startCanary()]);
  egress = createEgress({
    allow: `${service.host}:${service.port}`,
    limits: { connectMs: 60_000, totalMs: 60_000, headersMs: 60_000, idleMs: 60_000 },
  });
});
afterAll(() => Promise.all([egress.close(), service.close(), canary.close()]));

const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3_000_000, 'x')]);

async function call(given: object, credential?: ResolvedCredential) {
  const kept: NewFile[] = [];
  const { context } = effectContext({
    egress: {
      request: (request) => egress.request({ ...request, timeoutMs: 60_000, ...(credential ? { resolvedCredential: credential } : {}) }),
    },
    files: {
      save: async (file) => (kept.push(file), { id: 'file_1', name: file.name, mimeType: file.mimeType, sizeBytes: file.content.length }),
      read: async (id) => ({ id, name: 'in.pdf', mimeType: 'application/pdf', sizeBytes: pdf.length, content: pdf }),
    },
  });
  const config = JSON.parse(JSON.stringify(apiCall.config.parse({ tries: 'quick', ...given })));
  const from = service.received.length;
  const outcome = await runApiCall.run({ config, context }).catch((error: unknown) => error);
  return { outcome, kept, asked: service.received.slice(from).map(({ method, path }) => `${method} ${path}`) };
}
const next = (url: string) => ({ link: `<${url}>; rel="next"` });

test('a list is read to its end; what fails in the middle is read anew, and nothing but read', async () => {
  service.on('/orders', { body: [1, 2], headers: next('/orders/more?p=2') });
  service.on('/orders/more', 'cut', { body: [3] });
  const given = { url: `${service.url}/orders`, query: { state: 'open' }, pages: 'link' };
  const first = await call(given);
  expect(first.outcome).toMatchObject({ code: expect.stringMatching(/^upstream\./) });
  const again = await call(given);
  expect(again.outcome).toMatchObject({ port: 'ok', output: { items: [1, 2, 3], pages: 2, body: null } });
  expect([...first.asked, ...again.asked].every((request) => request.startsWith('GET '))).toBe(true);
  expect(again.asked).toEqual(['GET /orders?state=open', 'GET /orders/more?p=2']);
});

test('a next page leads nowhere else: not inside, not to another host, and no credential beyond its own', async () => {
  const bound: ResolvedCredential = {
    kind: 'bearer',
    allowedHosts: ['127.0.0.1:1', `${service.host}:${service.port}`],
    secret: { token: 'a-secret-token' },
  };
  for (const target of [`${canary.url}/steal`, `http://localhost:${canary.port}/`, 'http://169.254.169.254/latest', 'http://[::1]:1/']) {
    service.on('/list', { body: [1], headers: next(target) });
    expect((await call({ url: `${service.url}/list`, pages: 'link' })).outcome).toMatchObject({ code: 'egress.blocked' });
    const withKey = await call({ url: `${service.url}/list`, pages: 'link', credential: 'cred_1' }, bound);
    expect(withKey.outcome).toMatchObject({ code: 'credential.host' });
    service.on('/marks', { body: { items: [1], next: target } });
    expect((await call({ url: `${service.url}/marks`, pages: 'next', nextAt: 'next' })).outcome).toMatchObject({ code: 'egress.blocked' });
  }
  // The same origin, which then sends elsewhere.
  service.on('/list', { body: [1], headers: next('/away') });
  service.on('/away', { status: 302, headers: { location: canary.url } });
  expect((await call({ url: `${service.url}/list`, pages: 'link' })).outcome).toMatchObject({ code: 'egress.blocked' });
  expect(canary.touches).toBe(0);
});

test('files go out and come in as they are, up to 25 MB', async () => {
  service.on('GET /file', {
    body: pdf,
    headers: { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="../../etc/passwd"' },
  });
  const { outcome, kept } = await call({ url: `${service.url}/file`, answerAs: 'file', fileName: 'invoice.pdf' });
  expect(outcome).toMatchObject({
    output: { body: null, file: { name: 'invoice.pdf', mimeType: 'application/pdf', sizeBytes: pdf.length } },
  });
  expect(
    createHash('sha256')
      .update(kept[0]?.content ?? '')
      .digest('hex'),
  ).toBe(createHash('sha256').update(pdf).digest('hex'));
  service.on('PUT /file', ({ body, headers }) => ({ body: { length: body.length, type: headers['content-type'] } }));
  const sent = await call({ method: 'PUT', url: `${service.url}/file`, bodyKind: 'file', file: 'file_1' });
  expect(sent.outcome).toMatchObject({ output: { body: { length: pdf.length, type: 'application/pdf' } } });
  service.on('/endless', 'endless');
  expect((await call({ url: `${service.url}/endless`, answerAs: 'file' })).outcome).toMatchObject({ code: 'upstream.too-large' });
  service.on('/no', { status: 404, body: { error: 'no such file' } });
  expect((await call({ url: `${service.url}/no`, answerAs: 'file' })).outcome).toMatchObject({
    port: 'refused',
    output: { body: { error: 'no such file' } },
  });
});
