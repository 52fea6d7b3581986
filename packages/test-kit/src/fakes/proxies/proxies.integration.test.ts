import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startHttpService } from '../http-service.ts';
import { forkProxy } from './fork-proxy.ts';
import { startHttpProxy } from './http-proxy.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
const keep = <T extends { close: () => Promise<void> }>(one: T): T => (open.push(one), one);

/** What comes back when these bytes are said one after another, each after an answer to the one before. */
const talk = (url: string, says: (Buffer | string)[]): Promise<Buffer> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const heard: Buffer[] = [];
    socket.write(says.shift() ?? '');
    socket.on('data', (chunk) => {
      heard.push(chunk);
      const next = says.shift();
      if (next !== undefined) socket.write(next);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(heard)));
  });

test('a SOCKS proxy in a process of its own asks for a password, resolves names and says what it was asked', async () => {
  const service = keep(await startHttpService());
  service.on('/', { body: 'here', headers: { connection: 'close' } });
  const login = { username: 'ann', password: 'pass' };
  const proxy = keep(await forkProxy('socks5', { login, names: { 'erp.internal:8080': `127.0.0.1:${service.port}` } }));
  const ask = Buffer.concat([Buffer.from([5, 1, 0, 3, 12]), Buffer.from('erp.internal'), Buffer.from([0x1f, 0x90])]);
  const entry = (password: string) => [Buffer.from([5, 1, 2]), Buffer.concat([Buffer.from([1, 3]), Buffer.from(`ann\u0004${password}`)])];
  expect([...(await talk(proxy.url, entry('nope')))]).toEqual([5, 2, 1, 1]);
  expect((await talk(proxy.url, [...entry('pass'), ask, 'GET / HTTP/1.1\r\nhost: erp\r\n\r\n'])).toString()).toContain('here');
  expect(await proxy.asked()).toEqual([{ host: 'erp.internal', port: 8080, username: 'ann', fault: null }]);
  await proxy.misbehave('refuse');
  expect([...(await talk(proxy.url, [...entry('pass'), ask]))].slice(0, 6)).toEqual([5, 2, 1, 0, 5, 2]);
});

test('an HTTP proxy opens tunnels for who may, and names no address that it does not know', async () => {
  const proxy = keep(await startHttpProxy({ login: { username: 'ann', password: 'pass' } }));
  const status = (path: string, authorization?: string) =>
    new Promise((resolve) => {
      const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization };
      httpRequest({ port: proxy.port, method: 'CONNECT', path, headers, agent: false })
        .on('connect', (answer, socket) => (socket.destroy(), resolve(answer.statusCode)))
        .end();
    });
  const basic = `Basic ${Buffer.from('ann:pass').toString('base64')}`;
  expect(await status('erp.internal:80')).toBe(407);
  expect(await status('erp.internal:80', basic)).toBe(502);
  expect([proxy.turnedAway, proxy.asked.length]).toEqual([1, 1]);
});
