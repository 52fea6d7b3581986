import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startHttpService, type HttpService, type Reply } from '@holdfast/test-kit/fakes';
import { HoldfastError } from '@holdfast/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEgress, type Egress, type EgressCall } from './create-egress.ts';

let service: HttpService;
let egress: Egress;
beforeAll(async () => {
  service = await startHttpService();
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000, totalMs: 60_000, headersMs: 60_000, idleMs: 60_000 } });
});
afterAll(() => Promise.all([egress.close(), service.close()]));

const call = (reply: Reply, given: Partial<EgressCall> = {}) => {
  service.on('/it', reply);
  return egress.request({ method: 'GET', url: `${service.url}/it`, ...given });
};
async function failure(reply: Reply, given: Partial<EgressCall> = {}): Promise<HoldfastError> {
  const thrown: unknown = await call(reply, given).then(
    (answer) => new Error(`answered ${answer.status}`),
    (error: unknown) => error,
  );
  if (thrown instanceof HoldfastError) return thrown;
  throw thrown;
}
const post = { method: 'POST', body: '{}' };
/** What becomes of a call that reached its service and was given up after 200 ms; one that stood still before it was sent is made again. */
async function givenUp(reply: Reply, given: Partial<EgressCall> = {}): Promise<HoldfastError> {
  for (;;) {
    const before = service.received.length;
    const error = await failure(reply, { ...given, timeoutMs: 200 });
    if (service.received.length > before) return error;
  }
}

describe('answers', () => {
  test('gives JSON parsed, headers in lower case and how long it took', async () => {
    const answer = await call({ body: { order: 7 }, headers: { 'X-Up': 'Yes' } }, { query: { q: 'a b&c' } });
    expect(answer).toMatchObject({ status: 200, body: { order: 7 }, headers: { 'x-up': 'Yes' } });
    expect(service.received.at(-1)?.path).toBe('/it?q=a+b%26c');
    expect(answer.durationMs).toBeGreaterThanOrEqual(0);
  });
  test.each([400, 401, 404, 409, 422])('gives %i as an answer', async (status) =>
    expect((await call({ status, body: { no: true } })).status).toBe(status),
  );
  test('unpacks gzip', async () =>
    expect((await call({ body: gzipSync('hello'), headers: { 'content-encoding': 'gzip' } })).body).toBe('hello'));
  test('sends no key to a model server of one’s own that has none', async () => {
    const answer = await call({}, { resolvedCredential: { kind: 'openai-compatible', allowedHosts: ['127.0.0.1'], secret: {} } });
    expect(answer.status).toBe(200);
    expect(service.received.at(-1)?.headers['authorization']).toBeUndefined();
  });
  test('applies basic and bearer credentials last', async () => {
    await call(
      {},
      {
        headers: { Authorization: 'mine' },
        resolvedCredential: { kind: 'basic', allowedHosts: ['127.0.0.1'], secret: { username: 'ann', password: 'p' } },
      },
    );
    expect(service.received.at(-1)?.headers['authorization']).toBe(`Basic ${Buffer.from('ann:p').toString('base64')}`);
  });
});

describe('failures', () => {
  test('429 is limited, with the asked delay', async () =>
    expect(await failure({ status: 429, headers: { 'retry-after': '7' } })).toMatchObject({
      code: 'upstream.limited',
      retryAfterMs: 7_000,
    }));
  test('503 is broken, with the asked delay', async () =>
    expect(await failure({ status: 503, body: 'down', headers: { 'retry-after': '2' } }, post)).toMatchObject({
      code: 'upstream.broken',
      retryAfterMs: 2_000,
    }));
  test.each([
    ['query', { name: 'key', value: 's3cret+/=' }, 's3cret%2B%2F%3D'],
    ['bearer', { token: 's3cret-token' }, 'Bearer s3cret-token'],
    ['basic', { username: 'ann', password: 's3cret' }, Buffer.from('ann:s3cret').toString('base64')],
  ])('repeat no secret that the service repeats: %s', async (kind, secret, said) => {
    const resolvedCredential = { kind, allowedHosts: ['127.0.0.1'], secret };
    for (const status of [429, 500]) {
      const { detail } = await failure({ status, body: `Cannot serve ${said}` }, { resolvedCredential });
      expect(detail).toMatch(/: Cannot serve (Bearer )?…$/);
    }
  });
  test('a key in the address is cut out of answers that repeat it, and the next page is asked with it all the same', async () => {
    const secret = { name: 'key', value: "s3cret (it's) +/=" };
    const given = { resolvedCredential: { kind: 'query', allowedHosts: ['127.0.0.1'], secret } };
    service.on('/it', ({ path }) => ({ body: { next: [`${path}&page=2`] }, headers: { link: `<${path}&page=2>; rel="next"` } }));
    const { body, headers } = await egress.request({ method: 'GET', url: `${service.url}/it`, ...given });
    expect([body, headers['link']]).toEqual([{ next: ['/it?key=…&page=2'] }, expect.stringMatching(/^<\/it\?key=.+&page=2>; rel="next"$/)]);
    expect(JSON.stringify([body, headers])).not.toMatch(/s3cret/);
    await egress.request({ method: 'GET', url: `${service.url}/it?key=%E2%80%A6&page=2`, ...given });
    expect(new URL(service.received.at(-1)?.path ?? '', service.url).searchParams.getAll('key')).toEqual([secret.value]);
  });
  test.each([
    ['bearer', { token: 's3cret-token/1' }],
    ['header', { name: 'x-key', value: 'Token s3cret-token/1' }],
    ['basic', { username: 's3cret-token/1', password: '' }],
    ['basic', { username: 'ann', password: 's3cret-token/1' }],
    ['soap-username', { username: 'ann', password: 's3cret-token/1' }],
  ])('what a service repeats of who we are stands in no answer, header or file: %s', async (kind, secret) => {
    const resolvedCredential = { kind, allowedHosts: ['127.0.0.1'], secret };
    const soap = { securityMark: '<!---->' };
    service.on('/it', ({ headers, body }) => ({
      headers: { 'content-type': 'application/json', 'x-echo': String(headers['authorization'] ?? headers['x-key'] ?? 's3cret-token/1') },
      // As PHP writes it.
      body: JSON.stringify({ args: { s: 's3cret-token/1' }, headers, body }).replaceAll('/', String.raw`\/`),
    }));
    const given = { method: 'POST', url: `${service.url}/it`, body: '<!---->', soap, isIdempotent: true, resolvedCredential };
    const told = JSON.stringify(await egress.request(given));
    const file = (await egress.request({ ...given, expect: 'bytes' })).bytes?.toString() ?? '';
    expect(told).toContain('{"args":{"s":"…"}');
    expect(file).toMatch(/^\{"args":\{"s":"\*{15}"/);
    const login = Buffer.from(`${'username' in secret ? secret.username : ''}:${'password' in secret ? secret.password : ''}`);
    for (const text of [told, file]) for (const one of ['s3cret', login.toString('base64')]) expect(text).not.toContain(one);
    const fetched = await egress.fetchFor({ trustedBaseUrl: service.url, secrets: ['s3cret-token/1'] })(given.url, { method: 'POST' });
    expect(`${fetched.headers.get('x-echo')} ${await fetched.text()}`).not.toContain('s3cret');
  });
  test('a token that a service wrote into the address of the next page is cut out of it, and the page is asked with it all the same', async () => {
    const resolvedCredential = { kind: 'bearer', allowedHosts: ['127.0.0.1'], secret: { token: 's3cret-token/1' } };
    service.on('/it', { body: { next: `${service.url}/it?access_token=s3cret-token%2F1&after=2` } });
    const { body } = await egress.request({ method: 'GET', url: `${service.url}/it`, resolvedCredential });
    expect(body).toEqual({ next: `${service.url}/it?access_token=…&after=2` });
    await egress.request({ method: 'GET', url: `${service.url}/it?access_token=…&after=2`, resolvedCredential });
    expect(service.received.at(-1)?.path).toBe('/it?access_token=s3cret-token%2F1&after=2');
  });
  test('a POST that a 500 answered is ambiguous, whatever the answer says; after a 503 it is safe to repeat', async () => {
    const told = { status: 500, body: 'the store behind us answered 503' };
    expect((await failure(told, post)).code).toBe('upstream.ambiguous');
    expect((await failure(told, { ...post, isIdempotent: true })).code).toBe('upstream.broken');
    expect((await failure({ status: 503 }, post)).code).toBe('upstream.broken');
  });
  test('a POST whose answer is too large or can’t be unpacked may have been carried out', async () => {
    const odd = { body: 'x', headers: { 'content-encoding': 'gzip' } };
    expect((await failure(odd, post)).code).toBe('upstream.ambiguous');
    expect((await failure(odd)).code).toBe('upstream.broken');
  });
  test('a gateway’s 502 leaves a POST ambiguous and a GET broken', async () => {
    expect((await failure({ status: 502 }, post)).code).toBe('upstream.ambiguous');
    expect((await failure({ status: 502 })).code).toBe('upstream.broken');
  });
  test('a refused connection is unreachable, safe to try again, also for a POST', async () => {
    const closed = await startHttpService();
    await closed.close();
    const error: unknown = await egress.request({ ...post, url: closed.url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'upstream.unreachable', meaning: { retry: 'later' } });
  });
  test('a name that does not exist is unreachable', async () => {
    const lost = createEgress({ resolve: async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    await expect(lost.request({ ...post, url: 'http://nowhere.test/' })).rejects.toMatchObject({ code: 'upstream.unreachable' });
    await lost.close();
  });
  test('a connection that is accepted and says nothing is cut by the timeout', async () => {
    expect((await givenUp('hang')).code).toBe('upstream.timeout');
    expect((await givenUp('hang', post)).code).toBe('upstream.ambiguous');
    expect((await givenUp('hang', { ...post, isIdempotent: true })).code).toBe('upstream.timeout');
  });
  test.each(['cut', 'garbage', 'half'] as const)('%s leaves a POST ambiguous and a GET broken', async (reply) => {
    expect((await failure(reply, post)).code).toBe('upstream.ambiguous');
    expect((await failure(reply)).code).toBe('upstream.broken');
  });
  test('a TLS handshake that fails is unreachable: no request left', async () => {
    const error: unknown = await egress
      .request({ ...post, url: service.url.replace('http:', 'https:') })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'upstream.unreachable' });
  });
  test('a POST that was answered with "see other" stays ambiguous when the look that follows fails', async () => {
    service.on('/look', 'cut');
    expect((await failure({ status: 303, headers: { location: '/look' } }, post)).code).toBe('upstream.ambiguous');
  });
  test.each([429, 503])('a POST that was answered with "see there" is ambiguous when that place answers %i', async (status) => {
    service.on('/look', { status });
    expect((await failure({ status: 303, headers: { location: '/look' } }, post)).code).toBe('upstream.ambiguous');
  });
  test('a cancelled call ends at once', async () => {
    const stop = new AbortController();
    const ended = failure('hang', { signal: stop.signal });
    stop.abort();
    expect((await ended).code).toBe('upstream.unreachable');
  });
  test('makes exactly one attempt', async () => {
    const before = service.received.length;
    await failure('cut');
    await failure({ status: 500 });
    expect(service.received.length - before).toBe(2);
  });
});

describe('S6 sizes and speed', () => {
  test('cuts an endless body at 2 MB', async () => expect((await failure('endless')).code).toBe('upstream.too-large'));
  test('cuts 1 GB that came packed in 1 MB, without holding it', async () => {
    const before = process.memoryUsage().rss;
    expect((await failure('bomb')).code).toBe('upstream.too-large');
    // The fake packs 100 MB in this very process; what is measured after it is ours.
    const afterFirst = process.memoryUsage().rss;
    expect((await failure('bomb')).code).toBe('upstream.too-large');
    expect(process.memoryUsage().rss - Math.max(before, afterFirst)).toBeLessThan(500 * 1024 * 1024);
  });
  test('cuts an answer that drips by the total timeout', async () => {
    // A drop comes every 50 ms, so neither its silence nor its end could end it.
    expect((await givenUp('drip')).code).toBe('upstream.timeout');
  });
  test('cuts headers of 1 MB', async () => expect(['upstream.too-large', 'upstream.broken']).toContain((await failure('headers')).code));
  test('other calls go on meanwhile', async () => {
    service.on('/fine', { body: 'ok' });
    const slow = givenUp('drip');
    expect((await egress.request({ method: 'GET', url: `${service.url}/fine` })).body).toBe('ok');
    await slow;
  });
});

describe('a socket between two calls', () => {
  test('is not taken for a sent request when the other side closed it', async () => {
    let connections = 0;
    let closed = Promise.resolve();
    const server = createServer((socket) => {
      connections += 1;
      closed = new Promise((resolve) => socket.once('close', () => resolve()));
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    for (let count = 0; count < 3; count += 1) {
      expect((await egress.request({ ...post, url })).body).toBe('ok');
      await closed;
    }
    expect(connections).toBe(3);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('fetchFor', () => {
  test('trusts its own base URL, answers every status, sends forms', async () => {
    const strict = createEgress();
    const fetch = strict.fetchFor({ trustedBaseUrl: service.url });
    service.on('/sdk', { status: 500, body: { error: 'x' } });
    const form = new FormData();
    form.set('file', new Blob(['abc']), 'a.txt');
    const answer = await fetch(`${service.url}/sdk`, { method: 'POST', body: form });
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'x' }]);
    expect(service.received.at(-1)?.headers['content-type']).toContain('multipart/form-data');
    expect(service.received.at(-1)?.body).toContain('abc');
    await expect(fetch('http://127.0.0.2:1/')).rejects.toMatchObject({ code: 'egress.blocked' });
    await strict.close();
  });
});
