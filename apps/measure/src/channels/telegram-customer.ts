import { startTelegramFake } from '@holdfast/test-kit/fakes';
import type { ApiClient } from '../product/api-client.ts';
import type { Customer } from './customer.ts';

const token = '7001:five-channels';
const chat = 4_711;

export async function telegramCustomer(api: () => ApiClient): Promise<Customer & { url: string }> {
  const fake = await startTelegramFake();
  const sent = () => fake.accepted(token).filter((each) => each.chat === String(chat));
  return {
    kind: 'telegram',
    url: fake.url,
    connect: () => api().call('POST', '/api/channels', { kind: 'telegram', name: 'Telegram', token }),
    writes: async (text) => void fake.say(token, chat, text),
    chooses: async (_nth, label) => {
      const offered = sent().findLast(({ payload }) => JSON.stringify(payload).includes('inline_keyboard'));
      const keyboard: unknown = offered?.payload['reply_markup'];
      // as: Telegram's own shape, which the fake has checked
      const rows = (typeof keyboard === 'string' ? JSON.parse(keyboard) : keyboard) as {
        inline_keyboard: { text: string; callback_data: string }[][];
      };
      const button = rows.inline_keyboard.flat().find(({ text }) => text === label);
      const person = { id: chat, is_bot: false, first_name: 'Ana' };
      const message = {
        message_id: offered?.messageId,
        date: 0,
        chat: { id: chat, type: 'private' },
        text: offered?.text,
        reply_markup: rows,
      };
      fake.push(token, [
        { callback_query: { id: `tap-${label}`, from: person, message, chat_instance: '1', data: button?.callback_data } },
      ]);
    },
    heard: async () => ({
      texts: sent().flatMap(({ method, text }) => (method === 'sendMessage' ? [text] : [])),
      pictures: sent().filter(({ method }) => method === 'sendPhoto').length,
    }),
    close: fake.close,
  };
}
