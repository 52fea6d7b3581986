import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let flow: string;
beforeAll(async () => {
  server = await startTestServer();
  flow = await publishWebhook('new-order-7f3k2', {});
});
afterAll(() => server.close());

/** A flow that only takes something in; nothing runs it here. */
async function publishWebhook(path: string, config: object): Promise<string> {
  const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: `Hook ${path}` })).body;
  const file = {
    ...draft,
    nodes: [
      { id: 'start', type: 'webhook-trigger', typeVersion: 1, name: 'Called', config: { path, ...config }, position: { x: 0, y: 0 } },
      { id: 'end', type: 'end', typeVersion: 1, name: 'End', config: {}, position: { x: 0, y: 0 } },
    ],
    edges: [{ id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'end' } }],
  };
  await server.owner.call('PUT', `/api/flows/${id}/draft`, { file, revision: 1 });
  const published = await server.owner.call('POST', `/api/flows/${id}/publish`, {});
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  return id;
}

const hook = (body: unknown, headers: Record<string, string> = {}, path = '/hooks/flows/new-order-7f3k2') =>
  server.anonymous.call('POST', path, body, headers);
const inputOf = async (run: string) => (await server.pool.query('select input, version_id from runs where id = $1', [run])).rows[0];

describe('a webhook trigger', () => {
  test('takes a call in and answers at once; Temporal is not needed', async () => {
    const answer = await hook({ order: 'A-1', total: 42.5 });
    expect(answer).toMatchObject({ status: 200, body: { state: 'received', run: expect.stringMatching(/^run_/) } });
    expect((await inputOf(answer.body.run)).input).toMatchObject({ method: 'POST', body: { order: 'A-1', total: 42.5 } });
    expect((await server.owner.call('GET', `/api/runs/${answer.body.run}`)).body).toMatchObject({ source: 'webhook', flow: { id: flow } });
  });

  test('runs the published version whatever the body names', async () => {
    const answer = await hook({ graph: {}, nodes: [], version: 'version_x', credentials: { a: 1 }, flow: 'flow_x' });
    const { input, version_id: version } = await inputOf(answer.body.run);
    expect(input.body.version).toBe('version_x');
    expect(version).toBe((await server.owner.call('GET', `/api/flows/${flow}`)).body.publishedVersionId);
  });

  test('never hands over what proves who the caller is', async () => {
    const answer = await hook({}, { authorization: 'Bearer secret', cookie: 'a=secret', 'x-shop': 'kelp' });
    const { input } = await inputOf(answer.body.run);
    expect(JSON.stringify(input)).not.toContain('secret');
    expect(input.headers['x-shop']).toBe('kelp');
  });

  test.each([
    ['NUL and lone surrogates', '{"text":"a\\u0000b\\ud800c"}', { text: 'a\uFFFDb\uFFFDc' }],
    [
      'prototype keys, as data',
      '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}',
      JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}'),
    ],
    ['duplicate keys, the last one', '{"a":1,"a":2}', { a: 2 }],
    ['1e400, as nothing', '{"a":1e400}', { a: null }],
    ['an emoji as an escape', '{"a":"\\ud83c\\udf0a"}', { a: '🌊' }],
    ['a list', '[1,2]', [1, 2]],
    ['a text', '"hello"', 'hello'],
  ])('keeps %s', async (_name, body, kept) => {
    const answer = await hook(body);
    expect(answer.status).toBe(200);
    expect((await inputOf(answer.body.run)).input.body).toEqual(kept);
    expect(({} as Record<string, unknown>)['x'] ?? ({} as Record<string, unknown>)['y']).toBeUndefined();
  });

  test('takes forms as texts and everything else as text', async () => {
    const form = await hook('a=1&b=%00x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect((await inputOf(form.body.run)).input.body).toEqual({ a: '1', b: '\uFFFDx' });
    const text = await hook('<order/>', { 'content-type': 'text/xml' });
    expect((await inputOf(text.body.run)).input.body).toBe('<order/>');
  });

  test('refuses what it can’t read with a 4xx and starts nothing', async () => {
    const before = (await server.pool.query('select count(*)::int as count from runs')).rows[0].count;
    for (const body of ['{"a":', '['.repeat(5_000), new Uint8Array([0x7b, 0xff])]) expect((await hook(body)).status).toBe(400);
    expect((await hook('x'.repeat(1_000_001))).status).toBe(413);
    expect((await hook('{"files":{"a":{"filepath":"/etc/passwd"}}}', { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(
      415,
    );
    expect((await server.anonymous.call('GET', '/hooks/flows/new-order-7f3k2')).status).toBe(400);
    expect((await server.pool.query('select count(*)::int as count from runs')).rows[0].count).toBe(before);
  });

  test('starts nothing for whoever only looks, also when it takes any method', async () => {
    await publishWebhook('any-method-5k2', { method: 'any' });
    const count = async () => (await server.pool.query('select count(*)::int as count from runs')).rows[0].count;
    const before = await count();
    const look = async (method: string, path: string) => {
      const answer = await fetch(`${server.url}${path}`, { method });
      return [answer.status, answer.headers.get('allow')];
    };
    expect(await look('HEAD', '/hooks/flows/any-method-5k2')).toEqual([200, 'OPTIONS, HEAD, GET, POST, PUT, PATCH, DELETE']);
    expect(await look('OPTIONS', '/hooks/flows/new-order-7f3k2')).toEqual([204, 'OPTIONS, HEAD, POST']);
    expect((await look('HEAD', '/hooks/flows/never-was'))[0]).toBe(404);
    expect(await count()).toBe(before);
    await server.anonymous.call('DELETE', '/hooks/flows/any-method-5k2');
    expect(await count()).toBeGreaterThan(before);
  });

  test('is not found at an unknown address, and refuses while its flow is paused', async () => {
    expect((await hook({}, {}, '/hooks/flows/never-was')).status).toBe(404);
    expect((await hook({}, {}, '/hooks/flows/%00')).status).toBe(404);
    await server.owner.call('POST', `/api/flows/${flow}/pause`, { paused: true });
    expect(await hook({})).toMatchObject({ status: 409, body: { code: 'flow.not-live' } });
    await server.owner.call('POST', `/api/flows/${flow}/pause`, { paused: false });
    expect((await hook({})).status).toBe(200);
  });

  test('that waits for the result says that the run goes on when its patience is over', async () => {
    await publishWebhook('slow-answer', { respond: 'result', timeout: '300ms' });
    const answer = await hook({}, {}, '/hooks/flows/slow-answer');
    expect(answer).toMatchObject({ status: 202, body: { state: 'running', run: expect.stringMatching(/^run_/) } });
  });

  test('keeps its address for itself', async () => {
    await expect(publishWebhook('new-order-7f3k2', {})).rejects.toThrow('in use by another webhook');
  });

  test('answers 5xx and never 2xx while the insert fails', async () => {
    await server.pool.query('alter table runs rename to runs_away');
    try {
      expect((await hook({})).status).toBeGreaterThanOrEqual(500);
    } finally {
      await server.pool.query('alter table runs_away rename to runs');
    }
  });
});
