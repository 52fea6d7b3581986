import type { Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { ImapFlow } from 'imapflow';
import type { AskTxt } from './domain/ask-dns.ts';
import { checkDomain } from './domain/check-domain.ts';
import { readSigners, type Signer } from './domain/dkim.ts';
import type { RecordFinding } from './domain/finding.ts';
import type { Mailbox } from './mailbox-account.ts';
import { openImap } from './open-imap.ts';
import { openSmtp } from './smtp-session.ts';

/**
 * Logs in for reading and for sending, by both relays, looks for the folders, makes the one to move to, and asks DNS about the domain. Throws the first thing
 * that is wrong; answers `health.facts`.
 */
export async function checkMailbox(egress: Egress, mailbox: Mailbox, ask: AskTxt): Promise<JsonObject> {
  const { idle, signers } = await checkReading(egress, mailbox);
  await checkSending(egress, mailbox);
  if (mailbox.config.relay) await checkRelay(egress, mailbox);
  return { idle, ...(await recordFacts(mailbox, { ask, signers })) };
}

/** What receivers are told about the domain, as it is kept with the channel. `signers` are those of earlier mails of ours where nobody looked. */
export async function recordFacts(mailbox: Mailbox, { ask, signers }: { ask: AskTxt; signers: readonly Signer[] }): Promise<JsonObject> {
  const { smtp, relay, dkimSelector } = mailbox.config;
  const relays = [smtp.host, ...(relay && isOwnSender(relay.from, mailbox.domain) ? [relay.host] : [])];
  const records = await checkDomain(ask, { domain: mailbox.domain, relays, selector: dkimSelector, signers });
  return {
    records: records.map(asJson),
    recordsAt: new Date().toISOString(),
    ...(signers.length === 0 ? {} : { signers: signers.map((signer) => ({ ...signer })) }),
  };
}

const asJson = ({ put, ...finding }: RecordFinding): JsonObject => ({ ...finding, ...(put ? { put: { ...put } } : {}) });
/** A relay that sends under another domain’s name is that domain’s matter. */
const isOwnSender = (from: string, domain: string): boolean => from === '' || from.toLowerCase().endsWith(`@${domain}`);

async function checkReading(egress: Egress, mailbox: Mailbox): Promise<{ idle: boolean; signers: Signer[] }> {
  const { folders, afterReading, moveTo } = mailbox.config;
  const client = await openImap(egress, mailbox);
  try {
    const there = (await client.list()).map(({ path }) => path);
    const missing = folders.find((folder) => folder.toUpperCase() !== 'INBOX' && !there.includes(folder));
    if (missing !== undefined)
      throw new HoldfastError('channel.incomplete', {
        detail: say`The mailbox has no folder "${missing}".`,
        hint: say`It has: ${there.slice(0, 15).join(', ')}.`,
        path: 'folders',
      });
    if (afterReading === 'move' && moveTo !== '' && !there.includes(moveTo)) await client.mailboxCreate(moveTo);
    return { idle: client.capabilities.has('IDLE'), signers: await learnSigners(client, mailbox).catch(() => []) };
  } finally {
    await client.logout().catch(() => client.close());
  }
}

const looksAt = 5;

/** Who signed our own mails that came back here, as a test message to the mailbox itself does: the newest few of them. */
async function learnSigners(client: ImapFlow, { config }: Mailbox): Promise<Signer[]> {
  await client.mailboxOpen('INBOX', { readOnly: true });
  const found = await client.search({ from: config.address }, { uid: true });
  const uids = Array.isArray(found) ? found.slice(-looksAt) : [];
  if (uids.length === 0) return [];
  const signers: Signer[] = [];
  for await (const { headers } of client.fetch(uids, { headers: ['dkim-signature'] }, { uid: true }))
    signers.push(...readSigners(signaturesOf(headers?.toString('latin1') ?? '')));
  const known = new Set<string>();
  return signers.toReversed().filter(({ domain, selector }) => !known.has(`${selector} ${domain}`) && known.add(`${selector} ${domain}`));
}

const signaturesOf = (headers: string): string[] =>
  headers
    .replaceAll(/\r?\n[\t ]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => /^dkim-signature:\s*(.*)$/i.exec(line)?.[1] ?? [])
    .slice(0, 10);

/** Refused here, the password is the one for sending. */
async function checkSending(egress: Egress, mailbox: Mailbox): Promise<void> {
  try {
    (await openSmtp(egress, mailbox)).close();
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'channel.token') throw error;
    throw new HoldfastError('channel.token', {
      detail: say`Reading works, sending does not. ${error.words.detail}`,
      path: 'smtpPassword',
      ...(error.words.hint === undefined ? {} : { hint: error.words.hint }),
    });
  }
}

/** The same for what takes over when the first one blocks a mail. */
async function checkRelay(egress: Egress, mailbox: Mailbox): Promise<void> {
  try {
    (await openSmtp(egress, mailbox, 'second')).close();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    throw new HoldfastError(error.code === 'channel.token' ? 'channel.incomplete' : error.code, {
      detail: say`The second relay does not work. ${error.words.detail}`,
      path: error.code === 'channel.token' ? 'relayPassword' : (error.path ?? '').replace(/^smtp/, 'relay'),
      ...(error.words.hint === undefined ? {} : { hint: error.words.hint }),
    });
  }
}
