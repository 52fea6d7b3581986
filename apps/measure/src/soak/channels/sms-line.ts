import { setTimeout as pause } from 'node:timers/promises';
import { startTwilioFake, type TwilioFake } from '@holdfast/test-kit/fakes';
import type { Letter, Line } from './line.ts';

const phoneOf = (customer: number): string => `+34600${String(200_000 + customer)}`;

/** A toll-free number: Twilio gives those three segments a second. */
export async function smsLine(): Promise<Line> {
  const fake = await startTwilioFake();
  const { accountSid, authToken, number } = fake;
  let beforeCuts = 0;
  return {
    kind: 'sms',
    mark: 's',
    pace: { perSecond: 3, windowMs: 1_000, everyMs: 3_000, burst: 4 },
    settings: { limits: { perSecond: 3 } },
    environment: { HOLDFAST_TWILIO_API_URL: fake.url },
    isOrdered: false,
    doublesAll: false,
    connect: async ({ api, url }) => {
      const account = { accountSid, authToken, from: number, publicUrl: url };
      return (await api.call<{ id: string }>('POST', '/api/channels', { kind: 'sms', name: 'SMS', ...account })).id;
    },
    addressOf: phoneOf,
    bring: async (letters) => {
      await Promise.all(letters.map((letter) => bringUntilTaken(fake, letter)));
    },
    heard: () => fake.accepted().map(({ to, body, at }) => ({ to, text: body, at })),
    cutNext: (times) => {
      beforeCuts = fake.accepted().length;
      fake.fail({ kind: 'cut-after', times });
    },
    tellStatuses: (isTold) => fake.manner({ ladder: isTold ? ['sent', 'delivered'] : [], order: 'reversed', duplicate: true }),
    tellArrival: async () => {
      for (const { sid } of fake.accepted().slice(beforeCuts)) await fake.report(sid, 'delivered');
    },
    settled: fake.settled,
    close: fake.close,
  };
}

/** Named after the message, so that a copy is the same delivery. What Twilio gives up after its six tries is brought again, as its fallback address would. */
async function bringUntilTaken(fake: TwilioFake, { customer, name }: Letter): Promise<void> {
  const sid = `SM${Buffer.from(name).toString('hex').padStart(32, '0')}`;
  for (let round = 0; round < 20; round += 1) {
    const { statuses } = await fake.repeat(phoneOf(customer), name, sid);
    if (statuses.at(-1) === 200) return;
    await pause(500);
  }
}
