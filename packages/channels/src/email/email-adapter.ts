import type { Egress } from '@holdfast/egress';
import { renderEmail } from '@holdfast/messages';
import type { ChannelAdapter, SendRates } from '../channel-adapter.ts';
import { mailboxOf } from './mailbox-account.ts';
import { sendMail } from './send-mail.ts';
import { findSent, keepSentCopy } from './sent-folder.ts';

/** Providers publish limits per day only; this keeps a mailbox from looking like a machine gun. */
export const emailRates: SendRates = {
  overall: { everyMs: 500, burst: 10 },
  perChat: { everyMs: 5_000, burst: 3 },
  perGroup: { everyMs: 5_000, burst: 3 },
};

export function createEmailAdapter({ egress }: { egress: Egress }): ChannelAdapter {
  return {
    kind: 'email',
    rates: emailRates,
    // Mail does not come as JSON: see mailbox-poller.ts.
    parseUpdate: () => [],
    render: renderEmail,
    send: async (send) => {
      const { source, ...result } = await sendMail(egress, send);
      // The mail is out. A copy that can't be filed changes nothing about that, and nobody waits for it.
      if (mailboxOf(send.account).config.savesSent) keepSentCopy(egress, send.account, source).catch(() => undefined);
      return result;
    },
    reconcile: (given) => findSent(egress, given),
  };
}
