import { z } from 'zod';

/** One pretended customer of the simulator. The conversation is known after the first message. */
const simulatedContact = z.object({ name: z.string().min(1).max(120), conversation: z.string().nullable() });

const kept = z.object({ contacts: z.array(simulatedContact).min(1).max(12), current: z.number().int().nonnegative() });
export type Contacts = z.infer<typeof kept>;

const keyOf = (flow: string): string => `holdfast.simulator.${flow}`;
const names = ['Ana', 'Luis', 'Mei', 'Tom', 'Sara', 'Omar', 'Ines', 'Kofi', 'Lena', 'Ravi', 'Zoe', 'Juan'] as const;

export function loadContacts(storage: Storage, flow: string): Contacts {
  try {
    const parsed = kept.safeParse(JSON.parse(storage.getItem(keyOf(flow)) ?? 'null'));
    if (parsed.success) return parsed.data;
  } catch {
    // Unreadable: start anew.
  }
  return { contacts: [{ name: firstName(flow), conversation: null }], current: 0 };
}

/** Each flow begins with another customer: one customer has one conversation, and its run may belong to another flow. */
function firstName(flow: string): string {
  const sum = [...flow].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9_973, 7);
  return names[sum % names.length] ?? names[0];
}

export function saveContacts(storage: Storage, flow: string, contacts: Contacts): void {
  try {
    storage.setItem(keyOf(flow), JSON.stringify(contacts));
  } catch {
    // The chat works without; only the tab forgets who was in it.
  }
}

/** Adds a customer with a name that nobody has, and turns to them. */
export function addContact({ contacts }: Contacts): Contacts {
  const free = names.find((name) => !contacts.some((contact) => contact.name === name)) ?? `${names[0]} ${contacts.length + 1}`;
  return { contacts: [...contacts, { name: free, conversation: null }], current: contacts.length };
}

export const withConversation = ({ contacts, current }: Contacts, conversation: string): Contacts => ({
  contacts: contacts.map((contact, index) => (index === current ? { ...contact, conversation } : contact)),
  current,
});
