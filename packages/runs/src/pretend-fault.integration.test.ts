import { newId } from '@holdfast/db';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let service: HttpService;
let flowId: string;
beforeAll(async () => {
  world = await testWorld();
  service = await startHttpService();
  service.on('GET /stock', { status: 200, body: { left: 3 } });
  service.on('POST /book', { status: 200, body: {} });
  ({ flowId } = await world.publish(
    [
      'start:channel-trigger.message -> call:api-call.ok -> fine:send-message',
      'call.failed -> sorry:send-message',
      'call.refused -> sorry',
    ].join('\n'),
    {
      configs: {
        start: { channels: ['any'] },
        call: { url: `${service.url}/stock`, attempts: 1 },
        fine: { text: 'left: {{ nodes.call.body.left }}' },
        sorry: { text: 'sorry' },
      },
    },
  ));
});
afterAll(async () => {
  await world.close();
  await service.close();
});
beforeEach(() => world.pool.query('delete from simulator_faults'));

const pretend = (contact: string, fault: string) =>
  world.pool.query('insert into simulator_faults (workspace_id, flow_id, contact, node_id, fault) values ($1, $2, $3, $4, $5)', [
    world.workspaceId,
    flowId,
    `chat-${contact}`,
    'call',
    fault,
  ]);
const calls = () => service.received.length;

describe('a call that is to fail in the simulator', () => {
  test.each([
    ['timeout', 'upstream.timeout'],
    ['broken', 'upstream.broken'],
    ['limited', 'upstream.limited'],
    ['down', 'upstream.down'],
  ])('%s: leaves the house never, and the flow goes the way that it would', async (fault, code) => {
    const contact = `c-${fault}`;
    await pretend(contact, fault);
    const before = calls();
    const { conversationId, runId } = await world.talk(contact, 'hello');
    expect(await world.sent(conversationId)).toEqual(['sorry']);
    expect(calls()).toBe(before);
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'call')).toMatchObject({
      port: 'failed',
      facts: { pretended: fault, problem: { code } },
    });
  });

  test('garbage: is what the next step has to cope with', async () => {
    await pretend('c-garbage', 'garbage');
    const before = calls();
    const { conversationId } = await world.talk('c-garbage', 'hello');
    expect(await world.sent(conversationId)).toEqual(['left: ']);
    expect(calls()).toBe(before);
  });

  test('is one customer’s; others are answered as always, and so is this one once it is taken back', async () => {
    await pretend('c-one', 'broken');
    const before = calls();
    expect(await world.sent((await world.talk('c-two', 'hello')).conversationId)).toEqual(['left: 3']);
    expect(calls()).toBe(before + 1);
    await world.pool.query('delete from simulator_faults');
    expect(await world.sent((await world.talk('c-one', 'hello')).conversationId)).toEqual(['left: 3']);
  });

  test('is none of a real channel’s, whatever its customers are called', async () => {
    await pretend('c-real', 'broken');
    await world.pool.query(`update channels set kind = 'telegram' where id = $1`, [world.channel.id]);
    try {
      const { runId } = await world.talk('c-real', 'hello');
      expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'call')).toMatchObject({
        port: 'ok',
      });
    } finally {
      await world.pool.query(`update channels set kind = 'simulator' where id = $1`, [world.channel.id]);
    }
  });

  test('that may not happen twice is left to a person, as it would be', async () => {
    const booking = await world.publish('start:channel-trigger.message -> call:api-call.ok -> end:end', {
      position: -1,
      configs: { start: { channels: ['any'] }, call: { url: `${service.url}/book`, method: 'POST' } },
    });
    await world.pool.query('insert into simulator_faults (workspace_id, flow_id, contact, node_id, fault) values ($1, $2, $3, $4, $5)', [
      world.workspaceId,
      booking.flowId,
      'chat-c-book',
      'call',
      'timeout',
    ]);
    const before = calls();
    const { runId } = await world.talk('c-book', newId('message'));
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous' } });
    expect(calls()).toBe(before);
  });

  test('that would be kept is only said to be', async () => {
    const booking = await world.publish('start:channel-trigger.message -> call:shopify.kept -> end:end\n call.done -> end', {
      position: -2,
      configs: {
        start: { channels: ['any'] },
        call: { operation: 'change-stock', credential: 'cred_1', sku: 'A', quantity: '1', keepCall: true },
      },
    });
    await world.pool.query('insert into simulator_faults (workspace_id, flow_id, contact, node_id, fault) values ($1, $2, $3, $4, $5)', [
      world.workspaceId,
      booking.flowId,
      'chat-c-keep',
      'call',
      'down',
    ]);
    const { runId } = await world.talk('c-keep', newId('message'));
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
    expect((await world.journal(runId)).find((entry) => entry.kind === 'step-ended' && entry.node === 'call')).toMatchObject({
      port: 'kept',
      facts: { pretended: 'down', kept: 'pretended', problem: { code: 'upstream.down' } },
    });
    expect((await world.pool.query('select 1 from kept_calls')).rows).toEqual([]);
  });
});
