import type { ApiClient } from '../product/api-client.ts';
import type { Customer } from './customer.ts';
import { messagesWith, type StoredMessage } from './stored.ts';

/** Writes in the built-in simulator; what comes back is read from the store, since nothing leaves the house. */
export function simulatorCustomer(api: ApiClient): Customer {
  const contact = 'Ana in the simulator';
  const said = async (): Promise<StoredMessage[]> => (await messagesWith(api, 'simulator')).filter(({ direction }) => direction === 'out');
  return {
    kind: 'simulator',
    connect: async () => undefined,
    writes: (text) => api.call('POST', '/api/simulator/messages', { contact, text }),
    chooses: async (_nth, label) => {
      const button = (await said()).flatMap(({ buttons }) => buttons).findLast((each) => each.label === label);
      await api.call('POST', '/api/simulator/messages', { contact, button });
    },
    heard: async () => {
      const messages = await said();
      return { texts: messages.map(({ text }) => text), pictures: messages.flatMap(({ attachments }) => attachments).length };
    },
    close: async () => undefined,
  };
}
