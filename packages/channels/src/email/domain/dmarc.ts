import type { AskTxt } from './ask-dns.ts';
import { tagsOf } from './dkim.ts';
import type { RecordFinding } from './finding.ts';

const most = 5;

/** What receivers are to do with mails that claim to be of this domain and prove it neither way; of the domain, else of those above it. */
export async function checkDmarc(ask: AskTxt, domain: string, proofs: readonly RecordFinding[]): Promise<RecordFinding> {
  const base = { record: 'dmarc' as const };
  const put = { name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}` };
  const held = await findPolicy(ask, domain);
  if (held === null) return { ...base, state: 'unknown', says: 'unanswered' };
  const [found] = held.records;
  if (found === undefined) return { ...base, state: 'bad', says: 'missing', put };
  const told = { ...base, found, about: held.at };
  if (held.records.length > 1) return { ...told, state: 'bad', says: 'several', found: held.records.join('\n') };
  const tags = tagsOf(found);
  const policy = (held.at === domain ? undefined : tags.get('sp')) ?? tags.get('p') ?? '';
  if (!/^(?:none|quarantine|reject)$/i.test(policy)) return { ...told, state: 'bad', says: 'unreadable', put };
  // One proof is enough for DMARC, and without any a strict policy turns every mail away.
  const isProven = proofs.some(({ state }) => state === 'good' || state === 'weak');
  const isKnown = proofs.every(({ state }) => state !== 'unknown');
  if (policy.toLowerCase() !== 'none' && !isProven && isKnown) return { ...told, state: 'bad', says: 'nothing-aligned' };
  if (policy.toLowerCase() === 'none')
    return { ...told, state: 'weak', says: 'monitoring', put: { name: `_dmarc.${held.at}`, value: withPolicy(found, 'quarantine') } };
  if (Number(tags.get('pct') ?? '100') < 100) return { ...told, state: 'weak', says: 'partly' };
  return { ...told, state: 'good', says: 'good' };
}

async function findPolicy(ask: AskTxt, domain: string): Promise<{ at: string; records: string[] } | null> {
  const labels = domain.split('.');
  for (let from = 0; from < Math.min(labels.length - 1, most); from += 1) {
    const at = labels.slice(from).join('.');
    const answer = await ask(`_dmarc.${at}`);
    if (answer === null) return null;
    const records = answer.filter((record) => /^v=DMARC1\b/i.test(record));
    if (records.length > 0) return { at, records };
  }
  return { at: domain, records: [] };
}

const withPolicy = (record: string, policy: string): string => record.replace(/\bp\s*=\s*none\b/i, `p=${policy}`);
