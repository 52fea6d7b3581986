import { startTwilioFake } from '@holdfast/test-kit/fakes';
import type { ApiClient } from '../product/api-client.ts';
import type { Customer } from './customer.ts';

const from = '+34600333444';

export async function smsCustomer(api: () => ApiClient, publicUrl: () => string): Promise<Customer & { url: string }> {
  const fake = await startTwilioFake();
  const { accountSid, authToken, number } = fake;
  return {
    kind: 'sms',
    url: fake.url,
    connect: () =>
      api().call('POST', '/api/channels', { kind: 'sms', name: 'SMS', accountSid, authToken, from: number, publicUrl: publicUrl() }),
    writes: async (text) => void (await fake.say(from, text)),
    chooses: async (nth) => void (await fake.say(from, String(nth))),
    heard: async () => ({
      texts: fake.accepted().map(({ body }) => body),
      pictures: fake.accepted().flatMap(({ mediaUrls }) => mediaUrls).length,
    }),
    close: fake.close,
  };
}
