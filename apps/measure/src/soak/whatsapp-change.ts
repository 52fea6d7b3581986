import type { FakeNumber } from '@holdfast/test-kit/fakes';

interface Written {
  from: string;
  /** The customer's. */
  name: string;
  /** The same again is the same message. */
  id: string;
  text: string;
}

/** A customer's message as Meta's webhooks carry it. */
export function whatsappChange(number: FakeNumber, { from, name, id, text }: Written): { field: string; value: object } {
  number.lastInboundAt.set(from, Date.now());
  const metadata = { display_phone_number: number.displayPhoneNumber, phone_number_id: number.phoneNumberId };
  const message = { from, id: `wamid.${id}`, timestamp: String(Math.floor(Date.now() / 1_000)), type: 'text', text: { body: text } };
  const contacts = [{ profile: { name }, wa_id: from }];
  return { field: 'messages', value: { messaging_product: 'whatsapp', metadata, contacts, messages: [message] } };
}
