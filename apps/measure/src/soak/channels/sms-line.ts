import { startTwilioFake } from '@holdfast/test-kit/fakes';
import type { Line } from './line.ts';

const phoneOf = (customer: number): string => `+34600${String(200_000 + customer)}`;

/** A toll-free number: Twilio gives those three segments a second. */
export async function smsLine(): Promise<Line> {
  const fake = await startTwilioFake();
  const { accountSid, authToken, number } = fake;
  return {
    kind: 'sms',
    mark: 's',
    pace: { perSecond: 3, everyMs: 3_000, burst: 4 },
    settings: { limits: { perSecond: 3 } },
    environment: { HOLDFAST_TWILIO_API_URL: fake.url },
    isOrdered: false,
    doublesAll: false,
    connect: async ({ api, url }) => {
      const account = { accountSid, authToken, from: number, publicUrl: url };
      return (await api.call<{ id: string }>('POST', '/api/channels', { kind: 'sms', name: 'SMS', ...account })).id;
    },
    addressOf: phoneOf,
    // Named after the message, so that a copy is the same delivery.
    bring: async (letters) => {
      await Promise.all(
        letters.map(({ customer, name }) =>
          fake.repeat(phoneOf(customer), name, `SM${Buffer.from(name).toString('hex').padStart(32, '0')}`),
        ),
      );
    },
    heard: () => fake.accepted().map(({ to, body, at }) => ({ to, text: body, at })),
    cutNext: (times) => fake.fail({ kind: 'cut-after', times }),
    tellStatuses: (isTold) => fake.manner({ ladder: isTold ? ['sent', 'delivered'] : [], order: 'reversed', duplicate: true }),
    tellArrival: async () => {
      for (const { sid } of fake.accepted()) await fake.report(sid, 'delivered');
    },
    settled: fake.settled,
    close: fake.close,
  };
}
