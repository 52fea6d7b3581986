import { createPublicKey } from 'node:crypto';
import type { AskTxt } from './ask-dns.ts';
import type { RecordFinding } from './finding.ts';

/** Who signed a mail of ours, as its DKIM-Signature says. */
export interface Signer {
  domain: string;
  selector: string;
}

/** Shorter keys are not believed by the big receivers; 2048 is what all of them ask for. */
const leastBits = 1_024;
const goodBits = 2_048;

/** The signers of a DKIM-Signature header's values; forgeries cost nothing, so only names come out of it. */
export function readSigners(headers: readonly string[]): Signer[] {
  return headers.flatMap((header) => {
    const tags = tagsOf(header.slice(0, 8_000));
    const domain = (tags.get('d') ?? '').toLowerCase();
    const selector = (tags.get('s') ?? '').toLowerCase();
    return /^[a-z0-9.-]{1,253}$/.test(domain) && /^[a-z0-9._-]{1,63}$/.test(selector) ? [{ domain, selector }] : [];
  });
}

/** Where the big providers keep keys. */
const usualSelectors = ['google', 'selector1', 'selector2', 'default', 'k1', 's1', 's2', 'dkim', 'mail', 'fm1'];

/** Whether the key that our mails are signed with can be found. `given` is the selector that people entered. */
export async function checkDkim(
  ask: AskTxt,
  domain: string,
  { given, signers }: { given: string; signers: readonly Signer[] },
): Promise<RecordFinding> {
  const base = { record: 'dkim' as const };
  const own = signers.filter((signer) => isSameOrganisation(signer.domain, domain));
  const wanted = given === '' ? own.map(nameOf) : [nameOf({ domain, selector: given })];
  const looked = await lookFor(ask, [...new Set(wanted)].slice(0, 5));
  if (looked.key !== null) return { ...base, about: looked.name, found: short(looked.key), ...judge(tagsOf(looked.key)) };
  if (looked.isUnanswered) return { ...base, state: 'unknown', says: 'unanswered' };
  const [first] = wanted;
  if (first !== undefined) return { ...base, state: 'bad', says: 'missing', about: first };
  const [other] = signers;
  if (other) return { ...base, state: 'weak', says: 'not-aligned', about: other.domain };
  const guessed = await lookFor(
    ask,
    usualSelectors.map((selector) => nameOf({ domain, selector })),
  );
  return guessed.key === null
    ? { ...base, state: 'unknown', says: 'no-selector' }
    : { ...base, state: 'unknown', says: 'guessed', about: guessed.name, found: short(guessed.key) };
}

const nameOf = ({ domain, selector }: Signer): string => `${selector}._domainkey.${domain}`;
const short = (key: string): string => (key.length > 120 ? `${key.slice(0, 120)}…` : key);

/** The first of these names with a key. */
async function lookFor(ask: AskTxt, names: readonly string[]): Promise<{ name: string; key: string | null; isUnanswered: boolean }> {
  const answers = await Promise.all(names.map(ask));
  const at = answers.findIndex((records) => records?.some((record) => tagsOf(record).has('p')) ?? false);
  const key = answers[at]?.find((record) => tagsOf(record).has('p')) ?? null;
  return { name: names[at] ?? '', key, isUnanswered: answers.includes(null) };
}

function judge(tags: ReadonlyMap<string, string>): Pick<RecordFinding, 'state' | 'says'> {
  const key = (tags.get('p') ?? '').replaceAll(/\s/g, '');
  if (key === '') return { state: 'bad', says: 'revoked' };
  const type = tags.get('k') ?? 'rsa';
  const bits = type === 'rsa' ? rsaBits(key) : goodBits;
  if (bits === null) return { state: 'bad', says: 'unreadable' };
  if (bits < goodBits) return { state: bits < leastBits ? 'bad' : 'weak', says: 'short-key' };
  if ((tags.get('t') ?? '').split(':').includes('y')) return { state: 'weak', says: 'testing' };
  return { state: 'good', says: 'good' };
}

function rsaBits(base64: string): number | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.modulusLength ?? null;
  } catch {
    return null;
  }
}

/** `a=b; c=d`, as DKIM and DMARC write it. */
export const tagsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split(';')
      .map((part) => part.trim())
      .flatMap((part): [string, string][] => {
        const at = part.indexOf('=');
        return at <= 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).replaceAll(/\s+/g, '')]];
      }),
  );

/** Relaxed alignment, as far as it can be told without the list of public suffixes: one is the other, or stands below it. */
export const isSameOrganisation = (one: string, other: string): boolean =>
  one === other || (one.includes('.') && other.endsWith(`.${one}`)) || (other.includes('.') && one.endsWith(`.${other}`));
