import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { startManualRun } from './start-run.ts';
import { stretch } from './stretch.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let flowId: string;
let noticeId: string;
beforeAll(async () => {
  world = await testWorld();
  const writing = {
    channel: world.channel.id,
    address: '{{ trigger.body.who }}',
    name: 'Ana',
    text: 'Order {{ trigger.body.order }} left.',
  };
  ({ flowId } = await world.publish(
    'start:webhook-trigger.received -> tell:message-contact.sent -> ask:ask.answered -> thank:send-message\ntell.refused -> stop:end',
    {
      configs: {
        start: { path: 'orders' },
        tell: { ...writing, waits: '1m' },
        ask: { question: 'Did it arrive?' },
        thank: { text: 'Thank you: {{ nodes.ask.text }}' },
        stop: { result: 'text', text: '{{ nodes.tell.code }}' },
      },
    },
  ));
  ({ flowId: noticeId } = await world.publish('start:webhook-trigger.received -> tell:message-contact', {
    configs: { start: { path: 'notices' }, tell: writing },
  }));
  await world.publish('start:channel-trigger.message -> answer:send-message', { configs: { answer: { text: 'Hello!' } } });
});
afterAll(() => world.close());

/** A run of the flow that writes first, stretched once. */
async function write(who: string, flow = flowId): Promise<string> {
  const { runId } = await startManualRun(world.deps, {
    workspaceId: world.workspaceId,
    flowId: flow,
    input: { body: { who, order: 'A-1' } },
  });
  await world.stretch(runId);
  return runId;
}
/** A private chat, whose address is the person's own. */
const say = (who: string, text: string, name = '') => world.say(who, text, { address: who, contact: { address: who, name, language: '' } });
const conversationOf = async (address: string): Promise<{ id: string; activeRunId: string | null; name: string }> =>
  (
    await world.pool.query(
      'select v.id, v.active_run_id as "activeRunId", c.name from conversations v join contacts c on c.id = v.contact_id where v.address = $1',
      [address],
    )
  ).rows[0];

describe('a run that writes first', () => {
  test('makes contact and conversation, has the conversation from then on, and its question waits for the answer there', async () => {
    const runId = await write('bea');
    const talk = await conversationOf('bea');
    expect(talk).toMatchObject({ name: 'Ana', activeRunId: runId });
    expect(await world.sent(talk.id)).toEqual(['Order A-1 left.', 'Did it arrive?']);
    expect(await world.run(runId)).toMatchObject({ status: 'waiting', waitingFor: 'reply' });

    await say('bea', 'Yes');
    expect(await world.claim(talk.id)).toEqual({ act: 'doorbell', runId });
    await world.stretch(runId);
    expect(await world.sent(talk.id)).toEqual(['Order A-1 left.', 'Did it arrive?', 'Thank you: Yes']);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', outcome: 'done' });
  });

  test('once it has ended, a reply goes to the flow that asks for it', async () => {
    await write('carl', noticeId);
    const talk = await conversationOf('carl');
    await say('carl', 'What is this?');
    const claimed = await world.claim(talk.id);
    expect(claimed.act).toBe('started');
    await world.stretch('runId' in claimed ? claimed.runId : '');
    expect(await world.sent(talk.id)).toEqual(['Order A-1 left.', 'Hello!']);
  });

  test('keeps what a contact is called', async () => {
    await say('dora', 'Hi', 'Dora');
    await write('dora', noticeId);
    expect((await conversationOf('dora')).name).toBe('Dora');
  });

  test('waits while another run talks there, and is refused when that does not end', async () => {
    const first = await write('eva');
    const second = await write('eva');
    const talk = await conversationOf('eva');
    expect(await world.sent(talk.id)).toEqual(['Order A-1 left.', 'Did it arrive?']);
    expect(await world.run(second)).toMatchObject({ status: 'waiting' });

    await say('eva', 'Yes');
    await world.claim(talk.id);
    await world.stretch(first);
    // Its next look, without waiting for it.
    await world.pool.query(
      `update journal set entry = entry || jsonb_build_object('retryAt', to_char(now() - interval '1 s', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) where run_id = $1 and kind = 'step-failed'`,
      [second],
    );
    await world.stretch(second);
    expect((await world.sent(talk.id)).slice(-2)).toEqual(['Order A-1 left.', 'Did it arrive?']);
    expect(await world.run(second)).toMatchObject({ waitingFor: 'reply' });

    const third = await write('eva');
    await world.pool.query(
      `update journal set entry = jsonb_set(entry || '{"retryAt":"2020-01-01T00:00:00Z"}', '{facts,busySince}', '"2020-01-01T00:00:00Z"') where run_id = $1 and kind = 'step-failed'`,
      [third],
    );
    await world.stretch(third);
    expect(await world.run(third)).toMatchObject({ status: 'ended', result: 'conversation.busy' });
  });

  test('leaves by refused with an address that is none', async () => {
    for (const nobody of ['  ', ''])
      expect(await world.run(await write(nobody))).toMatchObject({ status: 'ended', result: 'send.address' });
  });

  test('that dies after it opened the conversation goes on in it and writes once', async () => {
    const { runId } = await startManualRun(world.deps, {
      workspaceId: world.workspaceId,
      flowId,
      input: { body: { who: 'finn', order: 'A-1' } },
    });
    let isDead = false;
    const dying = {
      ...world.deps,
      crashPoint: (point: string) => {
        if (point === 'wait-opening' && !isDead) {
          isDead = true;
          throw new Error('dies');
        }
      },
    };
    await stretch(dying, { runId, epoch: 1, owner: `${runId}.1`, inFlight: [] }).catch(() => undefined);
    expect(isDead).toBe(true);
    await world.stretch(runId);
    expect(await world.sent((await conversationOf('finn')).id)).toEqual(['Order A-1 left.', 'Did it arrive?']);
  });
});
