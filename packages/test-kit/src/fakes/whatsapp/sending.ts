import { asRecord, asText } from '../telegram/parameters.ts';
import { refusalOf, type Reply } from './graph-error.ts';
import { refusalByLimits, type LimitSettings } from './limits.ts';
import type { AcceptedMessage, FakeNumber } from './number.ts';
import { refusalByContent } from './validate-message.ts';

interface Sent {
  reply: Reply;
  /** What was taken, with the code by which its delivery fails afterwards. */
  message?: AcceptedMessage;
  failsWith?: number;
}
const dayMs = 86_400_000;

/** `POST /<number>/messages`: a message, or what the customer wrote marked as read. */
export function send(number: FakeNumber, body: Record<string, unknown>, { seq, limits }: { seq: number; limits: LimitSettings }): Sent {
  if (body['status'] === 'read') {
    number.reads.push({ messageId: asText(body['message_id']), isTyping: asRecord(body['typing_indicator'])['type'] === 'text' });
    return { reply: { result: { success: true } } };
  }
  const to = recipientOf(body);
  const refused = refusalByContent(number, body) ?? refusalByLimits(number, to, limits);
  if (refused) return { reply: refused };
  const type = asText(body['type']) || 'text';
  // Meta takes what comes too late, and says so afterwards.
  const isLate = type !== 'template' && Date.now() - (number.lastInboundAt.get(to) ?? 0) > dayMs;
  const message = {
    seq,
    at: Date.now(),
    id: `wamid.HBgL${Buffer.from(`${number.phoneNumberId}/${seq}`).toString('base64url')}`,
    to,
    type,
    text: textOf(body, type),
    callbackData: asText(body['biz_opaque_callback_data']),
    isSeen: !isLate,
    payload: body,
  };
  number.accepted.push(message);
  const result = {
    messaging_product: 'whatsapp',
    contacts: [{ input: asText(body['to']) || asText(body['recipient']), ...(body['to'] === undefined ? { user_id: to } : { wa_id: to }) }],
    messages: [{ id: message.id, message_status: 'accepted' }],
  };
  return { reply: { result }, message, ...(isLate ? { failsWith: 131047 } : {}) };
}

const recipientOf = (body: Record<string, unknown>): string => asText(body['recipient']) || asText(body['to']).replace(/^\+/, '');

function textOf(body: Record<string, unknown>, type: string): string {
  const content = asRecord(body[type]);
  if (type === 'interactive') return asText(asRecord(content['body'])['text']);
  if (type === 'template') return asText(content['name']);
  return asText(content['body'] ?? content['caption'] ?? '');
}

/** The problem of a failed status, as Meta nests it. */
export const lateProblem = (code: number): Record<string, unknown> => {
  const { message } = refusalOf(code);
  return {
    code,
    title: message,
    message,
    error_data: { details: message },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
};
