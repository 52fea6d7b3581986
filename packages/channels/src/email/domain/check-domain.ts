import { askWithin, type AskTxt } from './ask-dns.ts';
import { checkDkim, type Signer } from './dkim.ts';
import { checkDmarc } from './dmarc.ts';
import type { RecordFinding } from './finding.ts';
import { checkSpf } from './spf.ts';
import { isProvidersDomain } from './known-relays.ts';

export interface Sender {
  domain: string;
  /** Hosts that send its mails. */
  relays: readonly string[];
  /** Entered by people; '' where it is learnt. */
  selector: string;
  signers: readonly Signer[];
}

const mostQuestions = 40;

/** What receiving servers find when they ask whether a mail of this domain is to be believed. Empty for a domain of a mail provider's, which sees to it. */
export async function checkDomain(ask: AskTxt, { domain, relays, selector, signers }: Sender): Promise<RecordFinding[]> {
  if (isProvidersDomain(domain)) return [];
  const bounded = askWithin(ask, mostQuestions);
  const spf = await checkSpf(bounded, domain, relays);
  const dkim = await checkDkim(bounded, domain, { given: selector, signers });
  return [spf, dkim, await checkDmarc(bounded, domain, [spf, dkim])];
}

const order = { good: 0, weak: 1, unknown: 1, bad: 2 } as const;

/** What has broken since: known to have worked, and known not to now. */
export const brokenSince = (
  before: readonly Pick<RecordFinding, 'record' | 'state'>[],
  now: readonly Pick<RecordFinding, 'record' | 'state'>[],
): Pick<RecordFinding, 'record' | 'state'>[] =>
  now.filter(({ record, state }) => {
    const was = before.find((one) => one.record === record);
    return was !== undefined && order[state] > order[was.state] && state === 'bad';
  });
