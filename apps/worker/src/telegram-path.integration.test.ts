import { createAdapters, startTelegramPolling } from '@holdfast/channels';
import { insertChannel, newId } from '@holdfast/db';
import { createDelivery } from '@holdfast/delivery';
import { createEgress } from '@holdfast/egress';
import { ingestChannelEvents } from '@holdfast/runs';
import { createRandom, shuffled, startTelegramFake, type TelegramFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApp, until, type TestApp } from './test/test-app.ts';

const token = '5001:whole-path';
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let fake: TelegramFake;
let app: TestApp;
let polling: { stop: () => Promise<void> };
const egress = createEgress();

beforeAll(async () => {
  fake = await startTelegramFake({ seed: 11 });
  const telegram = { egress, apiUrl: fake.url };
  const openSecret = ({ secret }: { secret: Buffer }) => secret.toString();
  app = await testApp({
    alter: (deps) => ({
      ...deps,
      delivery: createDelivery({
        pool: deps.pool,
        adapters: createAdapters({ egress: telegram.egress, apiUrls: { telegram: telegram.apiUrl } }),
        openSecret,
        process: newId('process'),
        log,
      }),
    }),
  });
  const { pool, workspaceId, deps } = app.world;
  await insertChannel(pool, {
    id: newId('channel'),
    workspaceId,
    kind: 'telegram',
    name: 'Shop',
    // Its pace has tests of its own; here order and number count.
    config: { limits: { perSecond: 100, chatEverySeconds: 0.01, chatBurst: 50 } },
    secret: Buffer.from(token),
    keyId: 'k',
  });
  await app.world.publish('start:channel-trigger.message -> tell:send-message', {
    configs: { start: { channels: ['any'] }, tell: { text: 'Echo {{ trigger.text }}' } },
  });
  polling = startTelegramPolling({
    pool,
    telegram,
    openSecret,
    process: newId('process'),
    log,
    onEvents: (channel, events, options) => ingestChannelEvents(deps, channel, events, options),
  });
});
afterAll(async () => {
  await polling.stop();
  await app.close();
  await fake.close();
  await egress.close();
});

test(
  '500 updates of 50 chats, each delivered twice and shuffled within its batch, get 500 replies, each once and in order per chat',
  { timeout: 400_000 },
  async () => {
    fake.bot(token).mess = { duplicate: true, shuffle: true };
    const random = createRandom(3);
    const said = new Map<number, string[]>();
    for (const chat of shuffled(
      Array.from({ length: 500 }, (_, index) => 1_000 + (index % 50)),
      random,
    )) {
      const texts = said.get(chat) ?? [];
      texts.push(`${chat}-${String(texts.length).padStart(2, '0')}`);
      said.set(chat, texts);
      fake.say(token, chat, texts.at(-1) ?? '');
    }
    await until(
      async () => fake.accepted(token).length,
      (count) => count >= 500,
      { timeoutMs: 300_000 },
    );
    await until(
      async () => (await app.world.pool.query(`select count(*)::int as count from runs where status <> 'ended'`)).rows[0]?.count,
      (count) => count === 0,
    );
    for (const [chat, texts] of said) {
      expect(
        fake
          .accepted(token)
          .filter((sent) => sent.chat === String(chat))
          .map(({ text }) => text),
      ).toEqual(texts.map((text) => `Echo ${text}`));
    }
    expect(fake.accepted(token)).toHaveLength(500);
  },
);
