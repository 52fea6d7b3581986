import { resolveTxt } from 'node:dns/promises';
import type { Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { Mailbox } from './mailbox-account.ts';
import { openImap } from './open-imap.ts';
import { openSmtp } from './smtp-session.ts';

/** Logs in for reading and for sending, looks for the folders, and makes the one to move to. Throws the first thing that is wrong; answers `health.facts`. */
export async function checkMailbox(egress: Egress, mailbox: Mailbox): Promise<JsonObject> {
  const idle = await checkReading(egress, mailbox);
  await checkSending(egress, mailbox);
  return { idle, ...(await senderRecords(mailbox.domain)) };
}

async function checkReading(egress: Egress, mailbox: Mailbox): Promise<boolean> {
  const { folders, afterReading, moveTo } = mailbox.config;
  const client = await openImap(egress, mailbox);
  try {
    const there = (await client.list()).map(({ path }) => path);
    const missing = folders.find((folder) => folder.toUpperCase() !== 'INBOX' && !there.includes(folder));
    if (missing !== undefined)
      throw new HoldfastError('channel.incomplete', {
        detail: `The mailbox has no folder "${missing}".`,
        hint: `It has: ${there.slice(0, 15).join(', ')}.`,
        path: 'folders',
      });
    if (afterReading === 'move' && moveTo !== '' && !there.includes(moveTo)) await client.mailboxCreate(moveTo);
    return client.capabilities.has('IDLE');
  } finally {
    await client.logout().catch(() => client.close());
  }
}

/** Refused here, the password is the one for sending. */
async function checkSending(egress: Egress, mailbox: Mailbox): Promise<void> {
  try {
    (await openSmtp(egress, mailbox)).close();
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'channel.token') throw error;
    throw new HoldfastError('channel.token', {
      detail: `Reading works, sending does not. ${error.detail}`,
      path: 'smtpPassword',
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

const dnsPatienceMs = 3_000;
/** What receiving servers ask about this domain before they believe a mail: missing records are the usual reason for the spam folder. Null: nobody answered. */
async function senderRecords(domain: string): Promise<JsonObject> {
  const [spf, dmarc] = await Promise.all([hasRecord(domain, 'v=spf1'), hasRecord(`_dmarc.${domain}`, 'v=DMARC1')]);
  return { spf, dmarc };
}

async function hasRecord(name: string, start: string): Promise<boolean | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), dnsPatienceMs).unref());
  const asked = resolveTxt(name).then(
    (records) => records.some((parts) => parts.join('').toLowerCase().startsWith(start.toLowerCase())),
    (error: unknown) =>
      error instanceof Error && 'code' in error && (error.code === 'ENODATA' || error.code === 'ENOTFOUND') ? false : null,
  );
  return await Promise.race([asked, late]);
}
