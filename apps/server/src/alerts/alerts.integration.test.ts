import { insertAlert, newId, type AlertEvent } from '@holdfast/db';
import { startCanary, startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';
import { retryInSeconds } from './alert-sender.ts';

let server: TestServer;
let service: HttpService;
let mail: { port: number; received: string[]; logins: string[]; close: () => Promise<void> };
beforeAll(async () => {
  service = await startHttpService();
  mail = await startMailServer();
  server = await startTestServer({
    environment: { HOLDFAST_EGRESS_ALLOW: `127.0.0.1:${service.port}`, HOLDFAST_PUBLIC_URL: 'http://bot.kelp.example' },
  });
});
afterAll(async () => {
  await server.close();
  await mail.close();
  await service.close();
});

async function startMailServer() {
  const received: string[] = [];
  const logins: string[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) => {
      logins.push(`${username}:${password}`);
      done(null, { user: username });
    },
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        received.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const address = smtp.server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    received,
    logins,
    close: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  };
}

const raise = (event: AlertEvent, title: string) =>
  insertAlert(server.pool, {
    id: newId('alert'),
    workspaceId: server.workspaceId,
    event,
    subject: 'run_1',
    title,
    detail: 'It gave up after 4 attempts.',
    link: '/runs/run_1',
  });
const add = async (route: object) => (await server.owner.call('POST', '/api/alert-routes', route)).body.id as string;
const lastProblem = async (id: string) =>
  (await server.owner.call('GET', '/api/alert-routes')).body.items.find((each: { id: string }) => each.id === id).lastProblem;

describe('an alert', () => {
  test('goes by e-mail with the stored password and a link', async () => {
    await server.owner.call('PATCH', '/api/settings', {
      smtp: { host: '127.0.0.1', port: mail.port, secure: false, user: 'kelp', password: 'mail-secret', from: 'bot@kelp.example' },
    });
    const route = await add({ kind: 'email', target: { to: 'ana@kelp.example' }, events: ['run.attention'] });
    await raise('run.attention', 'Order status needs you');
    await raise('handoff.opened', 'Nobody asked for this');
    const text = await waitUntil(() => mail.received[0]);
    const asked = await server.pool.query('select a.title from alert_deliveries d join alerts a on a.id = d.alert_id');
    expect(asked.rows).toEqual([{ title: 'Order status needs you' }]);
    expect(text).toContain('Subject: Order status needs you');
    expect(text).toContain('http://bot.kelp.example/runs/run_1');
    expect(new Set(mail.logins)).toEqual(new Set(['kelp:mail-secret']));
    await waitUntil(async () => (await lastProblem(route)) === null);
  });

  test('by webhook comes again with backoff until it is taken', async () => {
    service.on('POST /alerts', { status: 503 }, { status: 200 });
    const route = await add({ kind: 'webhook', target: { url: `${service.url}/alerts` }, events: ['channel.broken'] });
    await raise('channel.broken', 'Support stopped working');
    expect(await waitUntil(() => lastProblem(route))).toMatchObject({ code: 'upstream.broken' });
    await server.pool.query("update alert_deliveries set next_at = now() where route_id = $1 and state = 'planned'", [route]);
    await waitUntil(async () => (await lastProblem(route)) === null);
    expect(service.received.length).toBeGreaterThanOrEqual(2);
    expect(JSON.parse(service.received[0]?.body ?? '')).toMatchObject({
      event: 'channel.broken',
      title: 'Support stopped working',
      link: 'http://bot.kelp.example/runs/run_1',
    });
  });

  test('by webhook never reaches an address inside', async () => {
    const canary = await startCanary();
    try {
      const route = await add({ kind: 'webhook', target: { url: canary.url }, events: ['channel.broken'] });
      expect((await server.owner.call('POST', `/api/alert-routes/${route}/test`)).body).toMatchObject({
        ok: false,
        detail: expect.stringContaining('not allowed'),
      });
      expect(canary.touches).toBe(0);
      await server.owner.call('DELETE', `/api/alert-routes/${route}`);
    } finally {
      await canary.close();
    }
  });

  test('waits longer after each failure: 15 s, 30 s, a minute, at most 2 h', () => {
    expect([1, 2, 3, 4, 9, 10, 20].map(retryInSeconds)).toEqual([15, 30, 60, 120, 3_840, 7_200, 7_200]);
  });
});
