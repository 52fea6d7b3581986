import type { Egress } from '@holdfast/egress';
import type { ImapFlow } from 'imapflow';
import type { ChannelAccount } from '../channel-adapter.ts';
import { makeMailId, readConversationAddress } from './mail-ids.ts';
import { mailboxOf } from './mailbox-account.ts';
import { openImap } from './open-imap.ts';

/** Null when the mailbox has no folder for what was sent. */
const sentFolder = async (client: ImapFlow): Promise<string | null> =>
  (await client.list()).find(({ specialUse }) => specialUse === '\\Sent')?.path ?? null;

/** A copy for people who look into the mailbox. */
export async function keepSentCopy(egress: Egress, account: ChannelAccount, source: Buffer): Promise<void> {
  const client = await openImap(egress, mailboxOf(account));
  try {
    const folder = await sentFolder(client);
    if (folder !== null) await client.append(folder, source, ['\\Seen']);
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/**
 * Whether a mail whose fate is not known went out: a server that files what it sends has it under our id. Its absence proves nothing, since
 * many servers file nothing; then the answer is null, and a bounce or the customer's reply settles it later.
 */
export async function findSent(
  egress: Egress,
  sent: { account: ChannelAccount; address: string; key: string },
): Promise<{ providerMessageId: string } | null> {
  const mailbox = mailboxOf(sent.account);
  // A copy that we file ourselves is filed only after the server's yes.
  const mailId = makeMailId(sent.key, readConversationAddress(sent.address).thread, mailbox.domain);
  const client = await openImap(egress, mailbox);
  try {
    const folder = await sentFolder(client);
    if (folder === null) return null;
    await client.mailboxOpen(folder, { readOnly: true });
    const found = await client.search({ header: { 'message-id': mailId } }, { uid: true });
    return Array.isArray(found) && found.length > 0 ? { providerMessageId: mailId } : null;
  } finally {
    await client.logout().catch(() => client.close());
  }
}
