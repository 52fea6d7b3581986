import { startWhatsAppFake } from '@holdfast/test-kit/fakes';
import type { ApiClient } from '../product/api-client.ts';
import { connectWhatsApp } from '../product/connect-whatsapp.ts';
import type { Customer } from './customer.ts';

const from = '34600111222';
interface Interactive {
  action?: { buttons?: { reply: { id: string; title: string } }[]; sections?: { rows: { id: string; title: string }[] }[] };
}

export async function whatsappCustomer(api: () => ApiClient, publicUrl: () => string): Promise<Customer & { url: string }> {
  const fake = await startWhatsAppFake();
  const number = fake.addNumber();
  return {
    kind: 'whatsapp',
    url: fake.url,
    connect: async () => void (await connectWhatsApp({ api: api(), url: publicUrl() }, number)),
    writes: async (text) => void (await fake.say({ from, name: 'Ana' }, text)),
    chooses: async (_nth, label) => {
      const offered = number.accepted.findLast(({ type }) => type === 'interactive');
      const action = (offered?.payload['interactive'] as Interactive | undefined)?.action; // as: what the fake validated
      const choices = [...(action?.buttons ?? []).map(({ reply }) => reply), ...(action?.sections ?? []).flatMap(({ rows }) => rows)];
      const reply = choices.find(({ title }) => title === label);
      const kind = action?.buttons ? 'button_reply' : 'list_reply';
      await fake.say(
        { from, name: 'Ana' },
        { type: 'interactive', interactive: { type: kind, [kind]: reply }, context: { id: offered?.id } },
      );
    },
    heard: async () => ({
      texts: number.accepted.map(({ text }) => text),
      pictures: number.accepted.filter(({ type }) => type === 'image').length,
    }),
    close: fake.close,
  };
}
