import type { Piece } from '@holdfast/messages';
import { z } from 'zod';
import { explaining } from './explain-refusal.ts';
import type { TwilioConfig } from './twilio-account.ts';
import type { TwilioClient } from './twilio-client.ts';

const list = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      body: z.string().nullable(),
      direction: z.string(),
      date_created: z.string(),
      num_media: z.coerce.number().default(0),
    }),
  ),
});

/** Twilio stamps whole seconds, and its clock is not ours. */
const earlyMs = 3_000;
const lateMs = 120_000;

/**
 * Whether a message whose answer was lost is among those that Twilio has: same recipient, same words, made about then. Null when none fits, or more
 * than one: then a status, which carries our key, or a person says it.
 */
export async function findSent(
  client: TwilioClient,
  config: TwilioConfig,
  sent: { address: string; piece: Piece; sentAt: string },
): Promise<{ providerMessageId: string } | null> {
  const at = Date.parse(sent.sentAt);
  const day = new Date(at - earlyMs).toISOString().slice(0, 10);
  const query = { To: sent.address, 'DateSent>': day, PageSize: '50', ...(config.from === '' ? {} : { From: config.from }) };
  const { messages } = list.parse(await explaining(() => client.call('GET', '/Messages.json', { query })));
  const fitting = messages.filter(({ body, direction, date_created: made, num_media: media }) => {
    const age = Date.parse(made) - at;
    const isSame = sent.piece.attachment ? media > 0 || (body ?? '').startsWith(sent.piece.text) : body === sent.piece.text;
    return direction.startsWith('outbound') && isSame && age >= -earlyMs && age <= lateMs;
  });
  const [only, ...more] = fitting;
  return only && more.length === 0 ? { providerMessageId: only.sid } : null;
}
