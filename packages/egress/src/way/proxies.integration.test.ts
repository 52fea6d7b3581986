import type { HoldfastError } from '@holdfast/errors';
import {
  failureWithout,
  startCanary,
  startHttpProxy,
  startHttpService,
  startSocks5Proxy,
  type Canary,
  type FakeProxy,
  type HttpService,
  type ProxyOptions,
} from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createEgress, type Egress, type EgressCall } from '../create-egress.ts';
import type { ResolvedCredential } from '../credential.ts';

const password = 'proxy-pass-7d1f';
let service: HttpService;
let canary: Canary;
const open: { close: () => Promise<void> }[] = [];
const keep = <T extends { close: () => Promise<void> }>(one: T): T => (open.push(one), one);
beforeAll(async () => {
  service = await startHttpService();
  canary = await startCanary();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  expect(canary.touches).toBe(0);
});
afterAll(() => Promise.all([service.close(), canary.close()]));

const egress = (limits: { connectMs?: number } = {}): Egress =>
  keep(createEgress({ limits: { connectMs: 60_000, totalMs: 60_000, ...limits } }));

describe.each([
  ['SOCKS 5', startSocks5Proxy],
  ['HTTP', startHttpProxy],
])('through a proxy by %s', (_name, start) => {
  /** `erp.internal` is a name that only the proxy knows. */
  const proxyWith = async (options: ProxyOptions = {}): Promise<FakeProxy> =>
    keep(
      await start({
        login: { username: 'ann', password },
        names: { 'erp.internal:8080': `127.0.0.1:${service.port}`, 'nowhere.internal': '127.0.0.1:1' },
        ...options,
      }),
    );
  const erp = (proxy: FakeProxy, given: Partial<ResolvedCredential> & { password?: string } = {}): ResolvedCredential => ({
    kind: 'bearer',
    name: 'ERP',
    allowedHosts: ['erp.internal', 'nowhere.internal:8080'],
    secret: { token: 'erp-token' },
    via: { kind: 'proxy', url: proxy.url, username: 'ann', password: given.password ?? password },
    ...given,
  });
  const call = (resolvedCredential: ResolvedCredential, given: Partial<EgressCall> = {}, from = egress()) =>
    from.request({ method: 'POST', url: 'http://erp.internal:8080/orders', body: '{}', resolvedCredential, ...given });
  const failure = (...args: Parameters<typeof call>): Promise<HoldfastError> => failureWithout(password, call(...args));

  test('a call arrives, by a name that only the proxy knows, with its own credential and without the proxy’s', async () => {
    const proxy = await proxyWith();
    service.on('/orders', { body: { taken: true } });
    expect(await call(erp(proxy))).toMatchObject({ status: 200, body: { taken: true } });
    expect(proxy.asked).toMatchObject([{ host: 'erp.internal', port: 8080, username: 'ann' }]);
    expect(service.received.at(-1)?.headers).toMatchObject({ authorization: 'Bearer erp-token', host: 'erp.internal:8080' });
    expect(JSON.stringify(service.received.at(-1)?.headers)).not.toContain('proxy');
  });

  test('a proxy that is not there, does not let us in, or does not open the way: nothing was sent, and which leg it was', async () => {
    const proxy = await proxyWith();
    const before = service.received.length;
    const gone = { ...erp(proxy), via: { kind: 'proxy' as const, url: `${new URL(proxy.url).protocol}//127.0.0.1:1` } };
    expect(await failure(gone)).toMatchObject({
      code: 'upstream.unreachable',
      detail: expect.stringContaining('The proxy 127.0.0.1:1 could not be reached: nothing is listening there'),
    });
    expect(await failure(erp(proxy, { password: 'wrong' }))).toMatchObject({
      code: 'credential.attention',
      detail: expect.stringContaining('did not accept our user name and password'),
    });
    expect(await failure({ ...erp(proxy), via: { kind: 'proxy', url: proxy.url } })).toMatchObject({ code: 'credential.attention' });
    expect(await failure(erp(proxy), { url: 'http://nowhere.internal:8080/' })).toMatchObject({
      code: 'upstream.unreachable',
      detail: expect.stringContaining('could not reach nowhere.internal:8080 behind it'),
    });
    for (const [fault, code, words] of [
      ['refuse', 'upstream.refused', 'does not let us through'],
      ['unreachable', 'upstream.unreachable', 'could not reach erp.internal:8080 behind it'],
      ['down', 'upstream.unreachable', 'cut the connection before the way'],
      ['cut-opening', 'upstream.unreachable', 'cut the connection before the way'],
    ] as const) {
      proxy.misbehave(fault);
      expect(await failure(erp(proxy)), fault).toMatchObject({ code, detail: expect.stringContaining(words) });
    }
    proxy.misbehave('hang');
    expect(await failure(erp(proxy), {}, egress({ connectMs: 300 }))).toMatchObject({
      code: 'upstream.unreachable',
      detail: expect.stringContaining('in time'),
    });
    expect(service.received.length).toBe(before);
  });

  test('a call that was cut after its first byte is ambiguous if it may not be repeated, and broken if it may', async () => {
    const proxy = await proxyWith();
    service.on('/orders', { body: 'done' });
    for (const fault of ['cut-before', 'cut-after'] as const) {
      proxy.misbehave(fault);
      expect(await failure(erp(proxy)), fault).toMatchObject({ code: 'upstream.ambiguous' });
      expect(await failure(erp(proxy), { method: 'GET' }), fault).toMatchObject({ code: 'upstream.broken' });
    }
  });

  test('TLS that does not come about behind it is told as such, and sent nothing', async () => {
    const proxy = await proxyWith();
    const before = service.received.length;
    const error = await failure(erp(proxy), { url: 'https://erp.internal:8080/' });
    expect(error).toMatchObject({ code: 'upstream.unreachable', detail: expect.stringContaining('was reached through the proxy') });
    expect(service.received.length).toBe(before);
  });

  test('S1, S2, S7: reaches nothing but what the connection is bound to', async () => {
    const proxy = await proxyWith();
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '127.0.0.1.', 'localhost', 'erp.internal.'])
      expect(await failure(erp(proxy), { url: `http://${host}:${canary.port}/` }), host).toMatchObject({ code: 'credential.host' });
    expect(proxy.asked).toEqual([]);
  });

  test('S3: a redirect leaves neither the way nor its hosts, and none of it is asked of the proxy', async () => {
    const proxy = await proxyWith();
    for (const location of [canary.url, 'http://169.254.169.254/', 'http://other.internal:8080/']) {
      service.on('/orders', { status: 302, headers: { location } });
      expect(await failure(erp(proxy), { method: 'GET' }), location).toMatchObject({ code: 'credential.host' });
    }
    service.on('/orders', { status: 302, headers: { location: '/there' } });
    service.on('/there', { body: 'same host' });
    expect((await call(erp(proxy), { method: 'GET' })).body).toBe('same host');
    expect(new Set(proxy.asked.map(({ host }) => host))).toEqual(new Set(['erp.internal']));
  });

  test('nothing else goes through it, and a call without the way finds no socket of it', async () => {
    const proxy = await proxyWith();
    service.on('/orders', { body: 'x' });
    const out = egress();
    await call(erp(proxy), { method: 'GET' }, out);
    const asked = proxy.asked.length;
    expect(await failure(erp(proxy, { via: null }), { method: 'GET' }, out)).toMatchObject({ code: 'upstream.unreachable' });
    await expect(out.fetchFor({})('http://erp.internal:8080/orders')).rejects.toMatchObject({ code: 'upstream.unreachable' });
    const through = out.fetchFor({ way: { way: erp(proxy).via!, hosts: ['erp.internal:8080'] } });
    expect(await (await through('http://erp.internal:8080/orders')).text()).toBe('x');
    await expect(through(canary.url)).rejects.toMatchObject({ code: 'credential.host' });
    expect(proxy.asked.length - asked).toBeLessThanOrEqual(1);
  });
});
