import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const utf8 = new TextEncoder();
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a body that is not what it should be', () => {
  const bad: [string, string | Uint8Array, number][] = [
    ['no JSON', '{"name":', 400],
    ['trailing junk', '{"name":"a","value":1}x', 400],
    ['a single quote', "{'name':'a'}", 400],
    ['depth 10,000', `{"name":"deep","value":${deep(10_000)}}`, 400],
    ['depth 500,000', deep(500_000), 400],
    ['duplicate keys', '{"name":"a","value":1,"value":2}', 400],
    ['duplicate keys by escape', '{"name":"a","value":1,"v\\u0061lue":2}', 400],
    ['a prototype key', '{"name":"a","value":1,"__proto__":{"role":"owner"}}', 400],
    ['a nested prototype key', '{"name":"a","value":{"__proto__":{"x":1}}}', 400],
    ['1e400', '{"name":"a","value":1e400}', 400],
    ['invalid UTF-8', new Uint8Array([...utf8.encode('{"name":"'), 0xc3, 0x28, ...utf8.encode('"}')]), 400],
    ['UTF-16', new Uint8Array(Buffer.from('{"name":"a"}', 'utf16le')), 400],
    ['a list for an object', '[]', 400],
    ['null', 'null', 400],
    ['an empty body', '', 400],
    ['more than 1 MB', JSON.stringify({ name: 'a', value: 'x'.repeat(1_000_001) }), 413],
    ['a number of 900 kB', `{"name":"a","value":${'9'.repeat(900_000)}}`, 400],
  ];
  test.each(bad)('is refused with a problem: %s', async (_name, body, status) => {
    const answer = await server.owner.call('POST', '/api/variables', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      code: expect.stringMatching(/^request\./),
      requestId: answer.headers.get('x-request-id'),
      title: expect.any(String),
      status,
    });
  });

  test('leaves every object as it was', () => {
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=utf-16'],
    ['application/jsonx'],
  ])('is refused by its type %s', async (type) => {
    expect((await server.owner.call('POST', '/api/variables', '{"name":"a","value":1}', { 'content-type': type })).status).toBe(415);
  });

  test('is refused when it is compressed', async () => {
    expect((await server.owner.call('POST', '/api/variables', '{}', { 'content-encoding': 'gzip' })).status).toBe(415);
  });
});

describe('odd text', () => {
  test.each([
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['a lone surrogate', 'a\ud800b', 'a\uFFFDb'],
    ['a pair', '🌊', '🌊'],
    ['the six characters of an escape', '\\u0000', '\\u0000'],
    ['combining marks, right-to-left and joiners', 'Z͑ͫa‮x👩‍👩‍👧', 'Z͑ͫa‮x👩‍👩‍👧'],
  ])('is kept as far as a database can: %s', async (_name, given, kept) => {
    const saved = await server.owner.call('POST', '/api/variables', JSON.stringify({ name: 'odd', value: { text: given } }));
    expect(saved.status).toBe(201);
    expect(saved.body.value).toEqual({ text: kept });
    const listed = (await server.owner.call('GET', '/api/variables')).body.items.find((each: { name: string }) => each.name === 'odd');
    expect(listed.value).toEqual({ text: kept });
  });

  test('may start with a byte order mark', async () => {
    const answer = await server.owner.call(
      'POST',
      '/api/variables',
      new Uint8Array([0xef, 0xbb, 0xbf, ...utf8.encode('{"name":"marked","value":1}')]),
    );
    expect(answer.status).toBe(201);
  });

  test.each([
    '/api/runs/%00',
    '/api/runs/%ff',
    '/api/runs/%',
    '/api/runs?search=%00',
    '/api/runs?search=%',
    '/api/runs?cursor=%00',
    '/api/runs?limit=1e9',
    '/api/runs?limit=-1',
    '/api/runs?limit=1&limit=2',
    '/api/runs?from=never',
    '/api/conversations?cursor=x',
    '/api/conversations?cursor=1~x',
    '/api/runs?from=0000-01-01T00:00:00Z',
    '/api/runs?to=2026-01-01T00:00:00%2B20:00',
    '/api/conversations?cursor=2026-01-01T00:00:00Z~%00',
    '/api/runs?status[]=open',
    '/api/flows/..%2f..%2fetc',
    `/api/runs/${'x'.repeat(5_000)}`,
  ])('in an address is no failure of ours: %s', async (path) => {
    const answer = await server.owner.call('GET', path);
    expect(answer.status).toBeLessThan(500);
    expect([200, 400, 404]).toContain(answer.status);
  });
});

describe('what goes wrong inside', () => {
  test('tells nothing but a request id', async () => {
    await server.pool.query('alter table answers rename to answers_away');
    try {
      const answer = await server.owner.call('GET', '/api/answers');
      expect(answer.status).toBe(500);
      expect(answer.body).toMatchObject({ code: 'internal', requestId: answer.headers.get('x-request-id') });
      expect(JSON.stringify(answer.body)).not.toMatch(/answers|relation|select|\.ts|node_modules/i);
    } finally {
      await server.pool.query('alter table answers_away rename to answers');
    }
  });

  test('an unknown address is a problem, not a page', async () => {
    const answer = await server.anonymous.call('GET', '/api/never-was');
    expect(answer).toMatchObject({ status: 404, body: { code: 'resource.missing' } });
  });

  test.each([
    'GARBAGE\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n',
    `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`,
  ])('broken HTTP is answered and cut', async (bytes) => {
    expect(await talk(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});

/** Sends bytes and collects what comes back until the server hangs up, politely or not. */
function talk(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => undefined);
  });
}
