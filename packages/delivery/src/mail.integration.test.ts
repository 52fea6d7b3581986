import { createAdapters } from '@holdfast/channels';
import { newId } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { createEgress, type Egress } from '@holdfast/egress';
import { smtpLogin, startSmtpSink, type SmtpSink } from '@holdfast/test-kit/mail';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyStatuses } from './apply-statuses.ts';
import type { Delivery } from './step-send.ts';
import { openWorld, type World } from './test/test-world.ts';

let world: World;
let egress: Egress;
let first: SmtpSink;
let second: SmtpSink;
let delivery: Delivery;
const channelId = newId('channel');
const minute = 60_000;

beforeAll(async () => {
  world = await openWorld();
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
  [first, second] = await Promise.all([startSmtpSink(), startSmtpSink()]);
  const at = (port: number) => ({ host: '127.0.0.1', security: 'none', user: smtpLogin.user, port });
  const servers = { imap: at(1), smtp: at(first.port), relay: at(second.port) };
  const config = { address: 'support@kelp.test', ...servers, limits: { perSecond: 500, chatBurst: 50 } };
  const secret = JSON.stringify({ password: smtpLogin.password, relayPassword: smtpLogin.password });
  await world.pool.query(
    `insert into channels (id, workspace_id, kind, name, config, secret, key_id) values ($1, 'ws_1', 'email', 'Mail', $2, $3, 'k')`,
    [channelId, JSON.stringify(config), Buffer.from(secret)],
  );
  delivery = world.newDelivery({ maxWaitMs: 30_000, adapters: createAdapters({ egress }) });
});
afterAll(async () => {
  await egress.close();
  await Promise.all([first.close(), second.close()]);
  await world.close();
});

const row = async (sql: string, values: unknown[] = []) => (await world.pool.query(sql, values)).rows[0];
async function person(name: string): Promise<string> {
  const id = newId('conversation');
  await world.pool.query(
    `insert into conversations (id, workspace_id, channel_id, contact_id, address, last_in_at) values ($1, 'ws_1', $2, 'cont_1', $3, now())`,
    [id, channelId, `${name}@example.com`],
  );
  return id;
}
const mailIdOf = (sink: SmtpSink, to: string) =>
  /^Message-ID: (.+)$/im.exec(sink.taken.find((mail) => mail.to.includes(to))?.source ?? '')?.[1]?.trim();

test('a mail that is put off waits for as long as the other server wants, is no failed attempt, and says when it goes out', async () => {
  const conversation = await person('grey');
  const send = world.send(await world.newRun(conversation), conversation, { text: 'hello' });
  const before = Date.now();
  const waits: number[] = [];
  for (const text of ['4.7.1 Greylisted', '4.7.1 Greylisted', '4.2.0 Greylisted, try again in 20 minutes']) {
    first.refuse('recipient', 450, text);
    const result = await delivery.sendForStep(send);
    expect(result).toMatchObject({ state: 'later', code: 'send.deferred' });
    if (result.state === 'later') waits.push(result.notBefore.getTime() - before);
  }
  expect(waits[0]).toBeGreaterThanOrEqual(5 * minute);
  expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  expect(waits[2]).toBeGreaterThanOrEqual(20 * minute);
  const message = 'select status, problem from messages where conversation_id = $1';
  const put = { code: 'send.deferred', notBefore: expect.stringMatching(/^\d{4}-/) };
  expect(await row(message, [conversation])).toMatchObject({ status: 'planned', problem: put });
  expect(await delivery.sendForStep(send)).toMatchObject({ state: 'accepted' });
  expect(await row(message, [conversation])).toEqual({ status: 'sent', problem: null });
  expect(first.taken.filter(({ to }) => to.includes('grey@example.com'))).toHaveLength(1);
});

test('a mail that came back blocked goes out once more by the second relay, under the same id, and once only', async () => {
  const conversation = await person('blocked');
  const sent = await delivery.sendForStep(world.send(await world.newRun(conversation), conversation, { text: 'hello' }));
  const messageId = 'messageId' in sent ? sent.messageId : '';
  const { id } = await row('select provider_message_id as id from messages where id = $1', [messageId]);
  const bounce = () =>
    applyStatuses(world.pool, [
      {
        workspaceId: 'ws_1',
        channelId,
        providerMessageId: id,
        reference: null,
        status: 'failed',
        at: new Date().toISOString(),
        problem: { code: 'send.blocked', detail: 'The mail came back: 5.7.1 spam', hasOtherWay: true },
        price: null,
      },
    ]);
  const message = 'select status, problem from messages where id = $1';
  await bounce();
  expect(await row(message, [messageId])).toMatchObject({ status: 'planned' });
  await world.pool.query('update effects set not_before = now() where message_id = $1', [messageId]);
  const dispatcher = delivery.startDispatcher();
  await expect.poll(() => mailIdOf(second, 'blocked@example.com')).toBe(mailIdOf(first, 'blocked@example.com'));
  await expect.poll(() => row(message, [messageId])).toMatchObject({ status: 'sent' });
  await dispatcher.stop();
  // It comes back from there too: nobody tries a third time, and the address is not blamed.
  await bounce();
  expect(await row(message, [messageId])).toMatchObject({ status: 'failed', problem: { code: 'send.blocked' } });
  expect(await row('select count(*)::int as count from suppressions')).toEqual({ count: 0 });
  expect(await row(`select count(*)::int as count from effects where message_id = $1 and state = 'planned'`, [messageId])).toEqual({
    count: 0,
  });
});

test('a relay that people paused is not asked, and the mail waits', async () => {
  const conversation = await person('paused');
  const guard = () => Promise.reject(new HoldfastError('upstream.paused', { detail: 'Paused.' }));
  const held = world.newDelivery({ maxWaitMs: 30_000, adapters: createAdapters({ egress, guard }) });
  const send = world.send(await world.newRun(conversation), conversation, { text: 'hello' });
  expect(await held.sendForStep(send)).toMatchObject({ state: 'later', code: 'upstream.paused' });
  expect(await delivery.sendForStep(send)).toMatchObject({ state: 'accepted' });
});
