import type { InboundAttachment, InboundEvent } from '../channel-adapter.ts';
import { explainStatus } from './explain-refusal.ts';
import { isAlsoAnAnswer, optOutWord } from './opt-out-words.ts';

type Parameters = Readonly<Record<string, string>>;

/** What a verified call of Twilio's means: a message that came in, or what became of one of ours. Nothing else is known. */
export function parseTwilioCall(
  given: Parameters,
  { advancedOptOut, reference }: { advancedOptOut: boolean; reference: string | null },
): InboundEvent[] {
  const sid = given['MessageSid'] ?? given['SmsSid'] ?? '';
  const status = given['MessageStatus'] ?? given['SmsStatus'] ?? '';
  if (sid === '') return [];
  // An incoming message carries a status too: "received".
  if (
    given['From'] !== undefined &&
    (given['Body'] !== undefined || given['NumMedia'] !== undefined) &&
    (status === '' || status === 'received' || status === 'receiving')
  )
    return messageEvents(given, sid, advancedOptOut);
  const event = statusEvent(given, { sid, status, reference });
  return event ? [event] : [];
}

function baseOf(given: Parameters, eventId: string): Omit<InboundEvent, 'kind'> {
  const from = given['From'] ?? '';
  return {
    eventId,
    address: from,
    isGroup: false,
    contact: { address: from, name: '', language: '', ...(/^\+\d{6,15}$/.test(from) ? { phone: from } : {}) },
    text: '',
    attachments: [],
    sentAt: new Date().toISOString(),
    raw: { ...given },
  };
}

function messageEvents(given: Parameters, sid: string, isAdvanced: boolean): InboundEvent[] {
  const text = given['Body'] ?? '';
  const word = optOutWord(text, given['OptOutType'] ?? '', isAdvanced);
  const isAnswer = word === null || (word === 'start' && isAlsoAnAnswer(text));
  const message: InboundEvent = {
    ...baseOf(given, sid),
    kind: 'message',
    text,
    attachments: mediaOf(given),
    providerMessageId: sid,
    // Twilio answers these itself, and whoever stopped must hear nothing more.
    ...(isAnswer ? {} : { automatic: `${word}-word` }),
  };
  if (word === null || word === 'help') return [message];
  return [{ ...baseOf(given, `${sid}:${word}`), kind: 'preference', preference: { purpose: 'all', isAllowed: word === 'start' } }, message];
}

function mediaOf(given: Parameters): InboundAttachment[] {
  const count = Math.min(10, Number(given['NumMedia']) || 0);
  return Array.from({ length: count }, (_, index) => {
    const mimeType = given[`MediaContentType${index}`] ?? 'application/octet-stream';
    return {
      kind: kindOf(mimeType),
      mimeType,
      name: `mms-${index + 1}.${mimeType.split('/')[1]?.split(';')[0] ?? 'bin'}`,
      providerFileId: given[`MediaUrl${index}`] ?? '',
    };
  }).filter(({ providerFileId }) => providerFileId !== '');
}

const kindOf = (mimeType: string): InboundAttachment['kind'] =>
  mimeType.startsWith('image/') ? 'image' : mimeType.startsWith('audio/') ? 'audio' : mimeType.startsWith('video/') ? 'video' : 'document';

const statuses: Readonly<Record<string, 'accepted' | 'sent' | 'delivered' | 'read' | 'failed'>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

function statusEvent(
  given: Parameters,
  { sid, status, reference }: { sid: string; status: string; reference: string | null },
): InboundEvent | null {
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (known === undefined) return null;
  const to = given['To'] ?? '';
  return {
    ...baseOf(given, `${sid}:${status}`),
    kind: 'status',
    address: to,
    contact: { address: to, name: '', language: '' },
    providerMessageId: sid,
    status: {
      status: known,
      ...(known === 'failed' ? { problem: explainStatus(Number(given['ErrorCode']) || 0, given['ErrorMessage'] ?? '') } : {}),
      ...(reference === null ? {} : { reference }),
    },
  };
}
