import { startWhatsAppFake } from '@holdfast/test-kit/fakes';
import { connectWhatsApp } from '../../product/connect-whatsapp.ts';
import { whatsappChange } from '../whatsapp-change.ts';
import type { Letter, Line } from './line.ts';

const phoneOf = (customer: number): string => `34600${String(100_000 + customer)}`;
/** Meta puts several messages into one call when much comes at once. */
const perCall = 3;

export async function whatsappLine(seed: number): Promise<Line> {
  const fake = await startWhatsAppFake({ seed });
  const number = fake.addNumber();
  const changeOf = ({ customer, name }: Letter) =>
    whatsappChange(number, { from: phoneOf(customer), name: `Customer ${customer}`, id: name, text: name });
  let beforeCuts = 0;
  return {
    kind: 'whatsapp',
    mark: 'w',
    pace: { perSecond: 10, windowMs: 1_000, everyMs: 6_000, burst: 20 },
    settings: null,
    environment: { HOLDFAST_WHATSAPP_API_URL: fake.url },
    isOrdered: false,
    doublesAll: false,
    connect: (product) => connectWhatsApp(product, number),
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
