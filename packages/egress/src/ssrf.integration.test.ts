import { startCanary, startHttpService, type Canary, type HttpService } from '@holdfast/test-kit/fakes';
import { HoldfastError } from '@holdfast/errors';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createEgress, type Egress, type EgressCall } from './create-egress.ts';
import type { ResolvedCredential } from './credential.ts';

let canary: Canary;
let canary6: Canary | null;
let service: HttpService;
const open: Egress[] = [];

beforeAll(async () => {
  canary = await startCanary();
  canary6 = await startCanary('::1').catch(() => null); // a machine without IPv6 has nothing to guard there
  service = await startHttpService();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((egress) => egress.close()));
  expect(canary.touches).toBe(0);
  expect(canary6?.touches ?? 0).toBe(0);
});
afterAll(() => Promise.all([canary.close(), canary6?.close(), service.close()]));

/** `service` plays the public host: it alone is on the list. */
function egress(names: Record<string, string[][]> = {}): Egress {
  const made = createEgress({
    allow: `127.0.0.1:${service.port}`,
    resolve: async (host) => {
      const answers = names[host];
      if (!answers) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
    limits: { connectMs: 60_000, totalMs: 60_000 },
  });
  open.push(made);
  return made;
}

async function failure(call: Partial<EgressCall> & { url: string }, from = egress()): Promise<HoldfastError> {
  const thrown: unknown = await from.request({ method: 'GET', ...call }).then(
    (answer) => new Error(`answered ${answer.status}`),
    (error: unknown) => error,
  );
  if (thrown instanceof HoldfastError) return thrown;
  throw thrown;
}

describe('S1 private targets', () => {
  test.each([
    '127.0.0.1',
    '169.254.169.254',
    '10.0.0.5',
    '172.16.3.4',
    '192.168.1.1',
    '[::1]',
    '[fe80::1]',
    '[fd00::1]',
    '0.0.0.0',
    '[::]',
    '100.64.0.1',
  ])('refuses %s and names the rule', async (host) => {
    const error = await failure({ url: `http://${host}:${canary.port}/` });
    expect(error.code).toBe('egress.blocked');
    expect(error.detail).toMatch(/address|machine itself/);
    expect(error.hint).toContain('HOLDFAST_EGRESS_ALLOW');
  });

  test.each(['localhost', 'postgres', 'temporal'])('refuses the name %s by the address it has', async (name) => {
    const error = await failure({ url: `http://${name}:${canary.port}/` }, egress({ [name]: [['127.0.0.1']] }));
    expect(error.code).toBe('egress.blocked');
    expect(error.detail).toContain(`${name} (127.0.0.1)`);
  });

  test('refuses localhost as the machine itself resolves it', async () => {
    const real = createEgress();
    open.push(real);
    expect((await failure({ url: `http://localhost:${canary.port}/` }, real)).code).toBe('egress.blocked');
  });
});

describe('S2 literal tricks', () => {
  test.each([
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '%3127.0.0.1',
    '127.0.0.1.',
    '１２７.０.０.１',
    '①②⑦.0.0.1',
    '0x7f000001',
    '017700000001',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[::127.0.0.1]',
  ])('refuses %s', async (host) => expect((await failure({ url: `http://${host}:${canary.port}/` })).code).toBe('egress.blocked'));
  test('refuses an address that carries a user', async () =>
    expect((await failure({ url: `http://a@127.0.0.1:${canary.port}/` })).code).toBe('egress.blocked'));
  test('refuses a name with a trailing dot by its address', async () =>
    expect((await failure({ url: `http://inner.test.:${canary.port}/` }, egress({ 'inner.test.': [['127.0.0.1']] }))).code).toBe(
      'egress.blocked',
    ));
  test.each(['file:///etc/passwd', 'gopher://127.0.0.1:70/', 'ftp://127.0.0.1/', 'data:text/plain,x'])('refuses %s', async (url) =>
    expect((await failure({ url })).code).toBe('egress.blocked'),
  );
});

describe('S3 redirects', () => {
  test.each([301, 302, 303, 307, 308])('vets the target of a %i again', async (status) => {
    service.on('/away', { status, headers: { location: `http://127.0.0.1:${canary.port}/` } });
    const error = await failure({ method: 'POST', url: `${service.url}/away`, body: 'x' });
    // "See there" says that it was carried out: nobody may read that nothing was sent.
    expect(error.code).toBe(status < 304 ? 'upstream.ambiguous' : 'egress.blocked');
    expect(error.detail).toContain('Flows reach public addresses only, so nothing was sent there.');
  });
  test.each(['http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'gopher://127.0.0.1:70/_x'])(
    'does not follow to %s',
    async (location) => {
      service.on('/away', { status: 302, headers: { location } });
      expect((await failure({ url: `${service.url}/away` })).code).toBe('egress.blocked');
    },
  );
  test('stops after five hops', async () => {
    service.on('/round', { status: 302, headers: { location: '/round' } });
    const before = service.received.length;
    const error = await failure({ url: `${service.url}/round` });
    expect(error.code).toBe('upstream.refused');
    expect(service.received.length - before).toBe(6);
  });
  test('follows within five hops, keeps the body on 307 and drops it on 303', async () => {
    service.on('/first', { status: 307, headers: { location: '/second' } });
    service.on('/second', { status: 303, headers: { location: '/third' } });
    service.on('/third', { status: 200, body: { arrived: true } });
    const answer = await egress().request({ method: 'POST', url: `${service.url}/first`, body: 'order' });
    expect(answer.body).toEqual({ arrived: true });
    expect(service.received.slice(-3).map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'order'],
      ['POST', 'order'],
      ['GET', ''],
    ]);
  });
  test('drops credential, Authorization and cookies on another origin, and keeps them on the same', async () => {
    const other = await startHttpService();
    service.on('/out', { status: 302, headers: { location: `${other.url}/in` } });
    service.on('/same', { status: 302, headers: { location: '/end' } });
    service.on('/end', {});
    other.on('/in', {});
    const made = createEgress({ allow: `127.0.0.1:${service.port},127.0.0.1:${other.port}` });
    open.push(made);
    const resolvedCredential: ResolvedCredential = {
      kind: 'header',
      allowedHosts: ['127.0.0.1'],
      secret: { name: 'X-Secret', value: 's3cret' },
    };
    const headers = { Authorization: 'Bearer given', Cookie: 'a=b', 'X-Kept': 'yes' };
    await made.request({ method: 'GET', url: `${service.url}/out`, headers, resolvedCredential });
    expect(other.received[0]?.headers).toMatchObject({ 'x-kept': 'yes' });
    for (const name of ['authorization', 'cookie', 'x-secret']) expect(other.received[0]?.headers[name]).toBeUndefined();
    await made.request({ method: 'GET', url: `${service.url}/same`, headers, resolvedCredential });
    expect(service.received.at(-1)?.headers).toMatchObject({ authorization: 'Bearer given', 'x-secret': 's3cret' });
    await other.close();
  });
});

describe('S4 names that change their mind', () => {
  test('refuses a name with one public and one private address, in either order', async () => {
    for (const addresses of [
      ['93.184.216.34', '127.0.0.1'],
      ['127.0.0.1', '93.184.216.34'],
    ]) {
      expect((await failure({ url: `http://two.test:${canary.port}/` }, egress({ 'two.test': [addresses] }))).code).toBe('egress.blocked');
    }
  });
  test('looks a name up once per connection and dials what it vetted', async () => {
    let asked = 0;
    const made = createEgress({
      allow: '127.0.0.2/32', // stands for a public address: nothing listens there, and the canary's is still refused
      limits: { connectMs: 60_000, totalMs: 60_000 },
      resolve: async () => {
        asked += 1;
        return asked === 1 ? ['127.0.0.2'] : ['127.0.0.1'];
      },
    });
    open.push(made);
    const error = await failure({ url: `http://flip.test:${canary.port}/` }, made);
    expect([error.code, asked]).toEqual(['upstream.unreachable', 1]);
  });
});

describe('S7 credentials', () => {
  const stripe: ResolvedCredential = { kind: 'bearer', name: 'Stripe', allowedHosts: ['api.stripe.com'], secret: { token: 'sk_live_1' } };
  test('refuses another host before dialling', async () => {
    const error = await failure({ url: `http://127.0.0.1:${service.port}/`, resolvedCredential: stripe });
    expect(error.code).toBe('credential.host');
    expect(error.detail).not.toContain('sk_live');
  });
  test.each([
    'http://api.stripe.com.evil.test/',
    'http://evil.test/api.stripe.com',
    'http://xapi.stripe.com/',
    'http://api.stripe.com@evil.test/',
  ])('refuses the look-alike %s', async (url) =>
    expect(['credential.host', 'egress.blocked']).toContain((await failure({ url, resolvedCredential: stripe })).code),
  );
  test('refuses a credential that is bound to nothing', async () =>
    expect((await failure({ url: service.url, resolvedCredential: { ...stripe, allowedHosts: [] } })).code).toBe('credential.host'));
  test('takes the base URL’s host when no host is named, trusts it for its own calls only', async () => {
    const inner = await startHttpService();
    inner.on('/v1/models', { body: { ok: true } });
    const credential: ResolvedCredential = { kind: 'openai-compatible', baseUrl: inner.url, allowedHosts: [], secret: { apiKey: 'k' } };
    const out = egress();
    expect((await out.request({ method: 'GET', url: `${inner.url}/v1/models`, resolvedCredential: credential })).status).toBe(200);
    expect(inner.received[0]?.headers['authorization']).toBe('Bearer k');
    expect((await failure({ url: `${inner.url}/v1/models` }, out)).code).toBe('egress.blocked');
    inner.on('/v1/models', { status: 302, headers: { location: canary.url } });
    expect((await failure({ url: `${inner.url}/v1/models`, resolvedCredential: credential }, out)).code).toBe('egress.blocked');
    await inner.close();
  });
  test.each([
    ['X-A', 'a\r\nX-B: c'],
    ['X-A', 'a\nb'],
    ['X-A\r\nX-B', 'a'],
    ['Host', 'inner'],
    ['Transfer-Encoding', 'chunked'],
    ['X-A', 'a\0b'],
  ])('refuses the header %j: %j before dialling', async (name, value) => {
    const before = service.received.length;
    expect((await failure({ url: service.url, headers: { [name]: value } })).code).toBe('step.config');
    expect(service.received.length).toBe(before);
  });
  test('refuses a line break inside the credential itself', async () =>
    expect(
      (
        await failure({
          url: service.url,
          resolvedCredential: { kind: 'bearer', allowedHosts: ['127.0.0.1'], secret: { token: 'a\r\nx: y' } },
        })
      ).code,
    ).toBe('step.config'));
});

describe('a server that is not spoken to by HTTP', () => {
  test('is dialled at vetted addresses only', async () => {
    const from = egress({
      'mail.example.com': [['198.51.100.7', '10.0.0.9']],
      'imap.example.com': [['192.0.2.1'], ['127.0.0.1']],
      'good.example.com': [['8.8.8.8']],
    });
    for (const host of ['127.0.0.1', '0x7f.1', '[::1]', 'mail.example.com'])
      await expect(from.vet(host, 993)).rejects.toMatchObject({ code: host === '0x7f.1' ? 'upstream.unreachable' : 'egress.blocked' });
    await expect(from.vet('nobody.example.com', 993)).rejects.toMatchObject({
      code: 'upstream.unreachable',
      detail: expect.stringContaining('no such name'),
    });
    expect(await from.vet('good.example.com', 993)).toEqual(['8.8.8.8']);
    expect(await from.vet('127.0.0.1', service.port)).toEqual(['127.0.0.1']);
  });
});
