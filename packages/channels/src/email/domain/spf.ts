import type { AskTxt } from './ask-dns.ts';
import type { RecordFinding } from './finding.ts';
import { includeOf } from './known-relays.ts';

/** RFC 7208, 4.6.4: receivers stop with an error beyond. */
const mostLookups = 10;
const deepest = 10;

interface Walk {
  ask: AskTxt;
  lookups: number;
  /** Domains whose records count too. */
  included: Set<string>;
  isUnanswered: boolean;
  isBroken: string | null;
}

/** Whether receivers will take our relays' word for this domain, and the record that would make them. */
export async function checkSpf(ask: AskTxt, domain: string, relays: readonly string[]): Promise<RecordFinding> {
  const base = { record: 'spf' as const };
  const records = await spfRecords(ask, domain);
  if (records === null) return { ...base, state: 'unknown', says: 'unanswered' };
  const needed = [...new Set(relays.flatMap((host) => includeOf(host) ?? []))];
  const [found] = records;
  if (found === undefined) return { ...base, state: 'bad', says: 'missing', put: { name: domain, value: newRecord(needed, relays) } };
  if (records.length > 1)
    return { ...base, state: 'bad', says: 'several', found: records.join('\n'), put: { name: domain, value: joined(records) } };
  const walk: Walk = { ask, lookups: 0, included: new Set([domain]), isUnanswered: false, isBroken: null };
  const end = await follow(walk, found, 0);
  const told = { ...base, found };
  if (walk.isBroken !== null) return { ...told, state: 'bad', says: 'unreadable', about: walk.isBroken };
  if (walk.lookups > mostLookups) return { ...told, state: 'bad', says: 'too-many-lookups', about: String(walk.lookups) };
  if (end === '+') return { ...told, state: 'bad', says: 'anybody', put: { name: domain, value: found.replace(/\s\+?all\b/i, ' ~all') } };
  const missing = needed.filter((host) => !walk.included.has(host));
  // What nobody could be asked about may hold it.
  if (missing.length > 0 && walk.isUnanswered) return { ...told, state: 'unknown', says: 'unanswered' };
  if (missing.length > 0)
    return {
      ...told,
      state: 'bad',
      says: 'relay-missing',
      about: missing.join(', '),
      put: { name: domain, value: withIncludes(found, missing) },
    };
  if (end === null || end === '?') return { ...told, state: 'weak', says: 'no-end', put: { name: domain, value: withEnd(found) } };
  return { ...told, state: 'good', says: 'good' };
}

async function spfRecords(ask: AskTxt, domain: string): Promise<string[] | null> {
  const records = await ask(domain);
  return records && records.filter((record) => /^v=spf1(?:\s|$)/i.test(record));
}

/** Counts what a receiver would ask for, and answers what the record says of everybody else: the sign before `all`. */
async function follow(walk: Walk, record: string, depth: number): Promise<'+' | '-' | '~' | '?' | null> {
  const terms = record.trim().split(/\s+/).slice(1);
  let end: '+' | '-' | '~' | '?' | null = null;
  let redirect: string | null = null;
  for (const term of terms) {
    const [, sign = '', name = '', rest = ''] = /^([+?~-]?)([a-z0-9_.-]+)(.*)$/i.exec(term) ?? [];
    const what = name.toLowerCase();
    const value = rest.replace(/^[:=]/, '');
    if (what === 'all' && rest === '') end = (sign || '+') as '+'; // as: the pattern knows these four
    else if (what === 'include') await descend(walk, value, depth);
    else if (what === 'redirect' && rest.startsWith('=')) redirect = value;
    else if (/^(?:a|mx|ptr|exists)$/.test(what)) walk.lookups += 1;
    else if (!/^(?:ip4|ip6)$/.test(what) && !rest.startsWith('=')) walk.isBroken ??= term.slice(0, 60);
    if (end !== null) return end;
  }
  return redirect === null ? end : descend(walk, redirect, depth);
}

async function descend(walk: Walk, domain: string, depth: number): Promise<'+' | '-' | '~' | '?' | null> {
  walk.lookups += 1;
  if (!/^[a-z0-9_.-]{1,253}$/i.test(domain)) {
    // A macro is filled in by the receiver alone.
    if (!domain.includes('%')) walk.isBroken ??= domain.slice(0, 60);
    return null;
  }
  const name = domain.toLowerCase().replace(/\.$/, '');
  if (walk.included.has(name) || walk.lookups > mostLookups || depth >= deepest) return null;
  walk.included.add(name);
  const records = await spfRecords(walk.ask, name);
  if (records === null) walk.isUnanswered = true;
  else if (records.length !== 1) walk.isBroken ??= name;
  return records?.[0] === undefined ? null : follow(walk, records[0], depth + 1);
}

const newRecord = (needed: readonly string[], relays: readonly string[]): string =>
  [
    'v=spf1',
    ...(needed.length > 0 ? needed.map((host) => `include:${host}`) : ['mx', ...new Set(relays.map((host) => `a:${host}`))]),
    '~all',
  ].join(' ');

const withIncludes = (record: string, hosts: readonly string[]): string =>
  record.replace(/^v=spf1/i, `v=spf1 ${hosts.map((host) => `include:${host}`).join(' ')}`);

const withEnd = (record: string): string => `${record.trim().replace(/\s\?all$/i, '')} ~all`;

function joined(records: readonly string[]): string {
  const terms = records.flatMap((record) => record.trim().split(/\s+/).slice(1));
  const kept = [...new Set(terms)].filter((term) => !/^[+?~-]?all$/i.test(term));
  return ['v=spf1', ...kept, '~all'].join(' ');
}
