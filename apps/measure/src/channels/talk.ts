import type { ApiClient } from '../product/api-client.ts';
import { poll } from '../product/poll.ts';
import type { Customer } from './customer.ts';
import { messagesWith, type StoredMessage } from './stored.ts';

/** What both sides of the script said, as the store must read for every channel; where there are no buttons, customers type the number. */
export const script = (hasButtons: boolean): Pick<StoredMessage, 'author' | 'text'>[] => [
  { author: 'customer', text: 'Hello, it is me' },
  { author: 'bot', text: 'Hello! What is it about?' },
  { author: 'customer', text: hasButtons ? 'My order' : '1' },
  { author: 'bot', text: 'What is your order number?' },
  { author: 'customer', text: 'It is A-1001' },
  { author: 'bot', text: 'Order A-1001 left today.' },
  { author: 'bot', text: 'Anything else?' },
  { author: 'customer', text: hasButtons ? 'Talk to a person' : '2' },
  { author: 'bot', text: 'One moment, a colleague comes.' },
  { author: 'human', text: 'This is Mara. It is on the van.' },
  { author: 'bot', text: 'Thank you, and goodbye.' },
];

/** Both sides of the conversation, step by step; each waits until the other has said what the script has. */
export async function talk(api: ApiClient, customer: Customer): Promise<StoredMessage[]> {
  const { kind } = customer;
  await customer.writes('Hello, it is me');
  await said(api, kind, 2);
  await customer.chooses(1, 'My order');
  await said(api, kind, 4);
  await customer.writes('It is A-1001');
  await said(api, kind, 7);
  await customer.chooses(2, 'Talk to a person');
  const [last] = (await said(api, kind, 9)).slice(-1);
  const handoff = await handoffOf(api, last?.conversation ?? '');
  await api.call('POST', `/api/handoffs/${handoff}/claim`);
  await api.call('POST', `/api/handoffs/${handoff}/reply`, { text: 'This is Mara. It is on the van.' });
  await said(api, kind, 10);
  await api.call('POST', `/api/handoffs/${handoff}/return`);
  return said(api, kind, script(true).length);
}

/** Waits until so many messages were said and everything of ours is out. */
async function said(api: ApiClient, kind: string, count: number): Promise<StoredMessage[]> {
  let messages: StoredMessage[] = [];
  return poll(
    async () => {
      messages = await messagesWith(api, kind);
      const isOut = messages.every(
        ({ direction, status }) => direction === 'in' || ['accepted', 'sent', 'delivered', 'read'].includes(status),
      );
      return messages.length >= count && isOut ? messages : null;
    },
    () => `On ${kind}, ${count} messages were expected: ${JSON.stringify(messages, null, 1)}`,
  );
}

async function handoffOf(api: ApiClient, conversation: string): Promise<string> {
  return poll(
    async () => {
      const handoffs = await api.all<{ id: string; conversation: { id: string } }>('/api/handoffs');
      return handoffs.find((each) => each.conversation.id === conversation)?.id ?? null;
    },
    () => `Nobody was called into ${conversation}.`,
  );
}
