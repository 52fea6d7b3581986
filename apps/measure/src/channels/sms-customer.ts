import { startTwilioFake } from '@holdfast/test-kit/fakes';
import type { ApiClient } from '../product/api-client.ts';
import { poll } from '../product/poll.ts';
import type { Customer } from './customer.ts';

const from = '+34600333444';

export async function smsCustomer(api: () => ApiClient, publicUrl: () => string): Promise<Customer & { url: string }> {
  const fake = await startTwilioFake();
  const { accountSid, authToken, number } = fake;
  let written = 0;
  /** Twilio gives up after six tries; then its fallback address would be called, with the same message. */
  const writes = async (text: string) => {
    const sid = `SM${String((written += 1)).padStart(32, '0')}`;
    const isTaken = async () => (await fake.repeat(from, text, sid)).statuses.at(-1) === 200 || null;
    await poll(isTaken, () => `"${text}" was not taken.`);
  };
  return {
    kind: 'sms',
    url: fake.url,
    connect: () =>
      api().call('POST', '/api/channels', { kind: 'sms', name: 'SMS', accountSid, authToken, from: number, publicUrl: publicUrl() }),
    writes,
    chooses: (nth) => writes(String(nth)),
    heard: async () => ({
      texts: fake.accepted().map(({ body }) => body),
      pictures: fake.accepted().flatMap(({ mediaUrls }) => mediaUrls).length,
    }),
    close: fake.close,
  };
}
