import { claimRecordCheck, insertAlertOnce, newId, noteChannelFacts } from '@holdfast/db';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ReceiveMailDeps } from './receive-mail.ts';
import { recordFacts } from './check-mailbox.ts';
import { askSystemDns, type AskTxt } from './domain/ask-dns.ts';
import { brokenSince } from './domain/check-domain.ts';
import { mailboxOf } from './mailbox-account.ts';

export interface WatchRecordsDeps extends Pick<ReceiveMailDeps, 'pool' | 'log'> {
  askDns?: AskTxt | undefined;
  /** How often a domain is asked about; a day when left out. */
  recordsEveryMs?: number | undefined;
}

const dayMs = 24 * 3_600_000;
const known = z.object({
  records: z
    .array(z.object({ record: z.enum(['spf', 'dkim', 'dmarc']), state: z.enum(['good', 'weak', 'bad', 'unknown']), says: z.string() }))
    .catch([]),
  signers: z.array(z.object({ domain: z.string(), selector: z.string() })).catch([]),
});
const names = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' } as const;

/** Once a day, by one process: what the domain tells receivers. People hear of what worked and does not any more; a silent name server is no news. */
export async function watchRecords(deps: WatchRecordsDeps, account: ChannelAccount): Promise<void> {
  const { pool, askDns = askSystemDns, recordsEveryMs = dayMs } = deps;
  const { workspaceId, id } = account;
  const facts = await claimRecordCheck(pool, { workspaceId, id, everyMs: recordsEveryMs });
  if (!facts) return;
  const { records: before, signers } = known.parse(facts);
  const mailbox = mailboxOf(account);
  const now = await recordFacts(mailbox, { ask: askDns, signers });
  const found = known.parse(now).records;
  if (found.some(({ says }) => says === 'unanswered') && before.length > 0) return;
  await noteChannelFacts(pool, { workspaceId, id, facts: now });
  const broken = brokenSince(before, found).map(({ record }) => names[record]);
  if (broken.length === 0) return;
  await insertAlertOnce(pool, {
    id: newId('alert'),
    workspaceId,
    event: 'channel.warning',
    subject: `${id} records`,
    title: `${broken.join(' and ')} of ${mailbox.domain} ${broken.length === 1 ? 'is' : 'are'} not in order any more`,
    detail: `Other mail servers may now take mails of "${account.name}" for forged. What to put into DNS stands on the channel’s card.`,
    link: `/channels/${id}`,
  });
}
