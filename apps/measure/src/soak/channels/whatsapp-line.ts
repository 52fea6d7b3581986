import { startWhatsAppFake } from '@holdfast/test-kit/fakes';
import type { Letter, Line } from './line.ts';

const phoneOf = (customer: number): string => `34600${String(100_000 + customer)}`;
/** Meta puts several messages into one call when much comes at once. */
const perCall = 3;

export async function whatsappLine(seed: number): Promise<Line> {
  const fake = await startWhatsAppFake({ seed });
  const number = fake.addNumber();
  const { phoneNumberId, wabaId, token, appSecret, displayPhoneNumber } = number;
  const metadata = { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId };
  const changeOf = ({ customer, name }: Letter) => {
    const from = phoneOf(customer);
    number.lastInboundAt.set(from, Date.now());
    const message = { from, id: `wamid.${name}`, timestamp: String(Math.floor(Date.now() / 1_000)), type: 'text', text: { body: name } };
    const contacts = [{ profile: { name: `Customer ${customer}` }, wa_id: from }];
    return { field: 'messages', value: { messaging_product: 'whatsapp', metadata, contacts, messages: [message] } };
  };
  let beforeCuts = 0;
  return {
    kind: 'whatsapp',
    mark: 'w',
    pace: { perSecond: 10, windowMs: 1_000, everyMs: 6_000, burst: 20 },
    settings: null,
    environment: { HOLDFAST_WHATSAPP_API_URL: fake.url },
    isOrdered: false,
    doublesAll: false,
    connect: async ({ api, url }) => {
      const account = { phoneNumberId, wabaId, token, appSecret, publicUrl: url };
      const { id } = await api.call<{ id: string }>('POST', '/api/channels', { kind: 'whatsapp', name: 'WhatsApp', ...account });
      number.callbackUrl = `${url}/hooks/channels/${id}`;
      return id;
    },
    addressOf: phoneOf,
    bring: async (letters) => {
      const calls = Array.from({ length: Math.ceil(letters.length / perCall) }, (_, call) =>
        letters.slice(call * perCall, (call + 1) * perCall),
      );
      await Promise.all(calls.map((call) => fake.push(call.map(changeOf))));
    },
    heard: () => number.accepted.map(({ to, text, at }) => ({ to, text, at })),
    cutNext: (times) => {
      beforeCuts = number.accepted.length;
      fake.fail({ kind: 'cut-after', times });
    },
    tellStatuses: (isTold) => {
      number.manner = { ...number.manner, ladder: isTold ? ['sent', 'delivered', 'read'] : [], order: 'reversed', duplicate: true };
    },
    tellArrival: async () => {
      for (const { id } of number.accepted.slice(beforeCuts)) await fake.report(id, 'delivered');
    },
    settled: fake.settled,
    close: fake.close,
  };
}
