import type { Egress } from '@holdfast/egress';
import { renderEmail } from '@holdfast/messages';
import type { ChannelAdapter } from '../channel-adapter.ts';
import { mailboxOf } from './mailbox-account.ts';
import { sendMail, type RelayGuard } from './send-mail.ts';
import { findSent, keepSentCopy } from './sent-folder.ts';

export interface EmailOptions {
  egress: Egress;
  /** Without it nothing is known of the relays’ health. */
  guard?: RelayGuard | undefined;
}

export function createEmailAdapter({ egress, guard = (_call, perform) => perform() }: EmailOptions): ChannelAdapter {
  return {
    kind: 'email',
    // Mail does not come as JSON: see mailbox-poller.ts.
    parseUpdate: () => [],
    render: renderEmail,
    send: async (send) => {
      const { source, ...result } = await sendMail({ egress, guard }, send);
      // The mail is out. A copy that can't be filed changes nothing about that, and nobody waits for it.
      if (mailboxOf(send.account).config.savesSent) keepSentCopy(egress, send.account, source).catch(() => undefined);
      return result;
    },
    reconcile: (given) => findSent(egress, given),
  };
}
