import { z } from 'zod';
import type { StatusReport } from '../channel-adapter.ts';
import type { TwilioClient } from './twilio-client.ts';

const message = z.object({
  price: z.coerce.number().nullable(),
  price_unit: z.string().nullable(),
  num_segments: z.coerce.number().catch(0),
});
const patienceMs = 4_000;

/** What a message cost, asked when its fate is known: Twilio puts it on the message, not in the call. Null while it has not been counted yet. */
export async function priceOf(
  client: TwilioClient,
  sid: string,
  status: StatusReport['status'],
): Promise<NonNullable<StatusReport['price']> | null> {
  if (status !== 'delivered' && status !== 'failed') return null;
  try {
    const {
      price,
      price_unit: currency,
      num_segments: segments,
    } = message.parse(await client.call('GET', `/Messages/${encodeURIComponent(sid)}.json`, { timeoutMs: patienceMs }));
    const category = segments === 1 ? 'sms, 1 segment' : `sms, ${segments} segments`;
    // Twilio writes what it takes as a negative amount.
    const amountMicro = price === null ? null : Math.round(Math.abs(price) * 1_000_000);
    return {
      category,
      isBillable: amountMicro !== 0,
      amountMicro,
      currency: amountMicro === null ? null : (currency?.toUpperCase() ?? null),
    };
  } catch {
    return null;
  }
}
