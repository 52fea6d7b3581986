import { startTelegramFake } from '@holdfast/test-kit/fakes';
import type { Line } from './line.ts';

const token = '7002:channels-soak';

/** Read by polling. The fake gives every batch out in another order and with every update twice. */
export async function telegramLine(seed: number): Promise<Line> {
  const fake = await startTelegramFake({ seed });
  fake.bot(token).mess = { duplicate: true, shuffle: true };
  return {
    kind: 'telegram',
    mark: 't',
    pace: { perSecond: 30, windowMs: 1_000, everyMs: 1_000, burst: 3 },
    settings: null,
    environment: { HOLDFAST_TELEGRAM_API_URL: fake.url },
    isOrdered: true,
    doublesAll: true,
    connect: async ({ api }) => (await api.call<{ id: string }>('POST', '/api/channels', { kind: 'telegram', name: 'Telegram', token })).id,
    addressOf: (customer) => String(5_000 + customer),
    bring: async (letters) => {
      for (const { customer, name } of letters) fake.say(token, 5_000 + customer, name);
    },
    heard: () => fake.accepted(token).map(({ chat, text, at }) => ({ to: chat, text, at })),
    cutNext: (times) => fake.fail(token, { method: 'sendMessage', kind: 'cut-after', times }),
    tellStatuses: () => undefined,
    tellArrival: null,
    settled: async () => undefined,
    close: fake.close,
  };
}
