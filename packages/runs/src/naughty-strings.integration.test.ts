import { listStoredMessages } from '@holdfast/db';
import { naughtyStrings } from '@holdfast/test-kit/naughty-strings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestChannelEvents } from './ingest.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.close());

test('texts, names and file names that have broken programs come back from the store code point by code point', async () => {
  const events = naughtyStrings.map((text) => {
    const event = world.event('berta', text, { attachments: [{ kind: 'document', name: text }] });
    return { ...event, contact: { ...event.contact, name: text } };
  });
  const taken = await ingestChannelEvents(world.deps, world.channel, events);
  expect(new Set(taken.map(({ state }) => state))).toEqual(new Set(['taken']));
  const order = new Map(taken.map(({ eventId, messageId }) => [messageId, eventId]));
  const all = {
    conversationId: null,
    channelId: null,
    channelKind: null,
    contactId: null,
    runId: null,
    author: null,
    search: null,
    from: null,
    to: null,
  };
  const stored = await listStoredMessages(
    world.pool,
    { workspaceId: world.workspaceId, ...all },
    { order: 'oldest', after: null, limit: events.length + 1 },
  );
  const written = new Map(events.map((event) => [event.eventId, event.text]));
  const textOf = (id: string): string => written.get(order.get(id) ?? '') ?? 'was never written';
  expect(stored.map(({ text }) => text)).toEqual(stored.map(({ id }) => textOf(id)));
  expect(stored).toHaveLength(events.length);
  const { rows } = await world.pool.query<{ id: string; file: string }>(
    `select id, content #>> '{attachments,0,name}' as file from messages`,
  );
  expect(rows.map(({ file }) => file)).toEqual(rows.map(({ id }) => textOf(id)));
});
