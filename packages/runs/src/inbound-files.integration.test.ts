import { createAdapters, startFileFetching } from '@holdfast/channels';
import { newId } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import { startWhatsAppFake, type WhatsAppFake } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { claimConversation } from './claim.ts';
import { ingestChannelEvents } from './ingest.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let fake: WhatsAppFake;
let egress: Egress;
let channel: { id: string; workspaceId: string; kind: string };
let ready: string[] = [];
const fetching: { stop: () => Promise<void> }[] = [];
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const patient = { timeout: 30_000, interval: 25 };

beforeAll(async () => {
  world = await testWorld();
  fake = await startWhatsAppFake();
  egress = createEgress({ limits: { connectMs: 60_000 } });
  const { phoneNumberId, wabaId, token, appSecret } = fake.addNumber();
  channel = { id: newId('channel'), workspaceId: world.workspaceId, kind: 'whatsapp' };
  await world.pool.query(
    `insert into channels (id, workspace_id, kind, name, config, secret, key_id) values ($1, $2, 'whatsapp', 'Shop', $3, $4, 'k')`,
    [
      channel.id,
      world.workspaceId,
      JSON.stringify({ phoneNumberId, wabaId, apiUrl: fake.url }),
      Buffer.from(JSON.stringify({ token, appSecret })),
    ],
  );
  await world.publish('start:channel-trigger.message -> wait:wait', {
    configs: { start: { channels: ['any'] }, wait: { duration: '1h' } },
  });
});
afterEach(() => Promise.all(fetching.splice(0).map((one) => one.stop())));
afterAll(async () => {
  await egress.close();
  await fake.close();
  await world.close();
});

function fetchFiles(): void {
  ready = [];
  fetching.push(
    startFileFetching({
      pool: world.pool,
      log: silent,
      adapters: createAdapters({ egress }),
      openSecret: ({ secret }) => secret.toString(),
      onReady: (conversationId) => void ready.push(conversationId),
      lookEveryMs: 50,
    }),
  );
}

/** A customer's picture, as its webhook brings it: with Meta's id in place of bytes. Answers its conversation. */
async function show(from: string, providerFileId: string): Promise<string> {
  const picture = { kind: 'image' as const, name: 'cup.jpg', mimeType: 'image/jpeg', providerFileId };
  const [taken] = await ingestChannelEvents(world.deps, channel, [world.event(from, 'broken', { attachments: [picture] })]);
  // Whatever this machine is busy with.
  await world.pool.query(`update inbound_files set hold_until = now() + interval '1 hour'`);
  return taken?.conversationId ?? '';
}
const read = async (conversationId: string): Promise<{ kind: string; name: string; fileId?: string }> => {
  const claimed = await claimConversation(world.deps, conversationId);
  if (claimed.act !== 'started') throw new Error(claimed.act);
  return (await world.pool.query('select input -> $2 -> 0 as file from runs where id = $1', [claimed.runId, 'attachments'])).rows[0].file;
};
const missing = async (): Promise<number> => (await world.pool.query('select count(*)::int as n from inbound_files')).rows[0].n;

describe('a file that a customer sends', () => {
  test('does not hold up the answer to its provider; the run waits for it, reads it, and people see it', async () => {
    const bytes = Buffer.from('a picture of a broken cup');
    const conversation = await show('berta', fake.addMedia({ mimeType: 'image/jpeg', bytes }));
    const stored = `select m.content #> '{attachments,0}' as file from messages m where conversation_id = $1`;
    const kept = { kind: 'image', name: 'cup.jpg', mimeType: 'image/jpeg' };
    expect((await world.pool.query(stored, [conversation])).rows).toEqual([{ file: kept }]);
    expect(await claimConversation(world.deps, conversation)).toEqual({ act: 'nothing' });
    fetchFiles();
    await expect.poll(() => ready, patient).toEqual([conversation]);
    const file = await read(conversation);
    expect(file).toEqual({ ...kept, sizeBytes: bytes.length, fileId: expect.any(String) });
    expect((await world.pool.query(stored, [conversation])).rows).toEqual([{ file }]);
    const { rows } = await world.pool.query('select content from files where id = $1', [file.fileId]);
    expect(rows[0].content.equals(bytes)).toBe(true);
  });

  test('is asked for again when its provider fails', async () => {
    const conversation = await show('carla', fake.addMedia({ mimeType: 'image/jpeg', bytes: Buffer.from('x') }));
    fake.fail({ kind: 'error', code: 131016, call: 'object' });
    fetchFiles();
    await expect.poll(() => ready, patient).toEqual([conversation]);
    expect(await missing()).toBe(0);
    expect(await read(conversation)).toMatchObject({ fileId: expect.any(String) });
  });

  test('and that is gone keeps nobody waiting: the message counts more', async () => {
    const conversation = await show('dora', '7');
    fetchFiles();
    await expect.poll(() => ready, patient).toEqual([conversation]);
    expect(await missing()).toBe(0);
    expect(await read(conversation)).toEqual({ kind: 'image', name: 'cup.jpg', mimeType: 'image/jpeg' });
  });

  test('is waited for a moment only, and still comes to the people who read along', async () => {
    const conversation = await show('eva', fake.addMedia({ mimeType: 'image/jpeg', bytes: Buffer.from('late') }));
    await world.pool.query('update inbound_files set hold_until = now()');
    expect(await read(conversation)).not.toHaveProperty('fileId');
    fetchFiles();
    await expect.poll(missing, patient).toBe(0);
    const { rows } = await world.pool.query(
      `select content #>> '{attachments,0,fileId}' as file from messages where conversation_id = $1`,
      [conversation],
    );
    expect(rows[0].file).toEqual(expect.any(String));
  });

  test('of an erased contact is not fetched any more', async () => {
    const conversation = await show('fina', fake.addMedia({ mimeType: 'image/jpeg', bytes: Buffer.from('never') }));
    await world.pool.query('delete from messages where conversation_id = $1', [conversation]);
    expect(await missing()).toBe(0);
  });
});
