import type { StatusReport } from '../channel-adapter.ts';
import { personOf } from './identity.ts';
import { meaningOf } from './error-meanings.ts';
import { draft, type EventDraft } from './parse-message.ts';
import { priceOf } from './price-of.ts';
import { hourMs, isoOf } from './times.ts';
import type { MetaProblem, MetaStatus } from './update-schema.ts';

const known: Readonly<Record<string, StatusReport['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};
/** From the answer to somebody who came by an advertisement or a page's button. */
const entryWindowMs = 72 * hourMs;

/** One entry of `statuses[]`; null for one we have no word for. */
export function parseStatus(given: MetaStatus): EventDraft | null {
  const status = known[given.status];
  if (status === undefined) return null;
  const sentAt = isoOf(given.timestamp);
  const person = personOf({ phone: given.recipient_id, ids: [given.recipient_user_id] }, undefined);
  const problem = status === 'failed' ? problemOf(given.errors?.[0]) : null;
  const price = given.pricing && status !== 'failed' ? priceOf(given.pricing, { address: person.address, at: sentAt }) : null;
  return {
    ...draft({ eventId: `${given.id}:${given.status}`, sentAt, ...person }),
    kind: 'status',
    providerMessageId: given.id,
    status: {
      status,
      ...(problem ? { problem } : {}),
      ...(price ? { price } : {}),
      ...(given.biz_opaque_callback_data === undefined ? {} : { reference: given.biz_opaque_callback_data }),
    },
    ...windowOf(given, sentAt),
  };
}

function problemOf(error: MetaProblem | undefined): NonNullable<StatusReport['problem']> {
  if (!error) return { code: 'upstream.refused', detail: 'WhatsApp did not deliver it and did not say why.' };
  const said = error.error_data?.details ?? error.message ?? error.title ?? 'no reason given';
  const { error: code, waitMs, scope } = meaningOf(error.code);
  return {
    code,
    detail: `WhatsApp said: ${said} (code ${error.code})`,
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The free entry point: everything may be sent, and costs nothing, for 72 hours. */
function windowOf({ pricing, conversation }: MetaStatus, sentAt: string): { windowUntil?: string } {
  if (pricing?.type !== 'free_entry_point' && pricing?.category !== 'referral_conversion') return {};
  const told = conversation?.expiration_timestamp;
  return { windowUntil: told === undefined ? new Date(Date.parse(sentAt) + entryWindowMs).toISOString() : isoOf(told) };
}
