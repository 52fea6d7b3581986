import { lateProblem } from './sending.ts';
import { metadataOf } from './webhooks.ts';
import type { AcceptedMessage, FakeNumber } from './number.ts';

/** Who writes: with a number, with a user id, or with both. */
export interface Customer {
  from?: string;
  userId?: string;
  name?: string;
}

/** `contacts` and `messages` of one inbound message; a text alone is a text message. Further fields of the message may be given. */
export function customerMessage(customer: Customer, content: Record<string, unknown> | string, seq: number): Record<string, unknown> {
  const { from, userId, name = 'Amina' } = customer;
  const message = typeof content === 'string' ? { type: 'text', text: { body: content } } : content;
  return {
    contacts: [{ profile: { name }, ...(from === undefined ? {} : { wa_id: from }), ...(userId === undefined ? {} : { user_id: userId }) }],
    messages: [
      {
        ...(from === undefined ? {} : { from }),
        ...(userId === undefined ? {} : { from_user_id: userId }),
        id: `wamid.in-${seq}-${from ?? userId ?? ''}`,
        timestamp: String(Math.floor(Date.now() / 1_000)),
        ...message,
      },
    ],
  };
}

interface Report {
  message: AcceptedMessage | undefined;
  id: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** Why it failed. */
  code?: number;
  more?: Record<string, unknown>;
}

/** Statuses of a number's messages as one change. */
export function statusesOf(number: FakeNumber, reports: readonly Report[]): { field: string; value: object }[] {
  const { pricing } = number.manner;
  const statuses = reports.map(({ message, id, status, code, more = {} }) => ({
    id,
    status,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: message?.to ?? '',
    ...(message && message.callbackData !== '' ? { biz_opaque_callback_data: message.callbackData } : {}),
    ...(status === 'sent' || status === 'delivered' ? { pricing: { pricing_model: 'PMP', ...pricing } } : {}),
    ...(status === 'failed' ? { errors: [lateProblem(code ?? 131000)] } : {}),
    ...more,
  }));
  return [{ field: 'messages', value: { ...metadataOf(number), statuses } }];
}
