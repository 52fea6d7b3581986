import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { askWithin, type AskTxt } from './ask-dns.ts';
import { brokenSince, checkDomain, type Sender } from './check-domain.ts';
import { readSigners } from './dkim.ts';

type Zone = Record<string, string | string[] | null>;
/** A world of TXT records; null: that name server is silent. */
const dns =
  (zone: Zone): AskTxt =>
  async (name) => {
    const found = zone[name];
    return found === null ? null : found === undefined ? [] : [found].flat();
  };
const key = (bits: number) =>
  `v=DKIM1; k=rsa; p=${generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const [long, short] = [key(2_048), key(1_024)];
const sender = (change: Partial<Sender> = {}): Sender => ({
  domain: 'kelp.test',
  relays: ['smtp.kelp.test'],
  selector: 'k1',
  signers: [],
  ...change,
});
const good: Zone = {
  'kelp.test': ['v=spf1 mx ~all', 'google-site-verification=x'],
  'k1._domainkey.kelp.test': long,
  '_dmarc.kelp.test': 'v=DMARC1; p=reject; rua=mailto:dmarc@kelp.test',
};
const look = async (zone: Zone, change: Partial<Sender> = {}) => {
  const [spf, dkim, dmarc] = await checkDomain(dns({ ...good, ...zone }), sender(change));
  return { spf, dkim, dmarc };
};

test('a domain in order is in order, and one of a mail provider’s is not looked at', async () => {
  expect(await look({})).toMatchObject({ spf: { state: 'good' }, dkim: { state: 'good' }, dmarc: { state: 'good' } });
  expect(await checkDomain(dns({}), sender({ domain: 'gmail.com' }))).toEqual([]);
});

describe('SPF', () => {
  const google = { relays: ['smtp.gmail.com'] };
  const chain = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`s${n}.test`, `v=spf1 include:s${n + 1}.test ~all`]));
  test.each<[string, Zone, Partial<Sender>, object]>([
    [
      'nothing there',
      { 'kelp.test': [] },
      {},
      { state: 'bad', says: 'missing', put: { name: 'kelp.test', value: 'v=spf1 mx a:smtp.kelp.test ~all' } },
    ],
    [
      'nothing there, a known relay',
      { 'kelp.test': [] },
      google,
      { says: 'missing', put: { value: 'v=spf1 include:_spf.google.com ~all' } },
    ],
    [
      'two records',
      { 'kelp.test': ['v=spf1 mx -all', 'v=spf1 include:b.test ~all'] },
      {},
      { says: 'several', put: { value: 'v=spf1 mx include:b.test ~all' } },
    ],
    ['another text that begins like one', { 'kelp.test': ['v=spf10 mx', 'v=spf1 mx ~all'] }, {}, { state: 'good' }],
    ['anybody may send', { 'kelp.test': 'v=spf1 mx +all' }, {}, { state: 'bad', says: 'anybody', put: { value: 'v=spf1 mx ~all' } }],
    ['anybody, without a sign', { 'kelp.test': 'v=spf1 all' }, {}, { says: 'anybody' }],
    ['no end', { 'kelp.test': 'v=spf1 mx' }, {}, { state: 'weak', says: 'no-end', put: { value: 'v=spf1 mx ~all' } }],
    ['a neutral end', { 'kelp.test': 'v=spf1 mx ?all' }, {}, { state: 'weak', says: 'no-end', put: { value: 'v=spf1 mx ~all' } }],
    ['an end behind a redirect', { 'kelp.test': 'v=spf1 redirect=r.test', 'r.test': 'v=spf1 mx -all' }, {}, { state: 'good' }],
    ['the relay is missing', {}, google, { state: 'bad', says: 'relay-missing', put: { value: 'v=spf1 include:_spf.google.com mx ~all' } }],
    [
      'the relay is included further down',
      {
        'kelp.test': 'v=spf1 include:all.test -all',
        'all.test': 'v=spf1 include:_spf.google.com ~all',
        '_spf.google.com': 'v=spf1 ip4:10.0.0.0/8 ~all',
      },
      google,
      { state: 'good' },
    ],
    [
      'too many lookups',
      { 'kelp.test': 'v=spf1 include:s0.test ~all', ...chain },
      {},
      { state: 'bad', says: 'too-many-lookups', about: '11' },
    ],
    ['many lookups of its own', { 'kelp.test': `v=spf1 ${'a:x.test '.repeat(11)}~all` }, {}, { says: 'too-many-lookups' }],
    ['ten are allowed', { 'kelp.test': `v=spf1 ${'exists:x.test '.repeat(10)}~all` }, {}, { state: 'good' }],
    ['addresses cost nothing', { 'kelp.test': `v=spf1 ${'ip4:10.0.0.1 ip6:::1 '.repeat(40)}-all` }, {}, { state: 'good' }],
    ['a circle ends', { 'kelp.test': 'v=spf1 include:b.test ~all', 'b.test': 'v=spf1 include:kelp.test ~all' }, {}, { state: 'good' }],
    [
      'an include that is not there',
      { 'kelp.test': 'v=spf1 include:gone.test ~all' },
      {},
      { state: 'bad', says: 'unreadable', about: 'gone.test' },
    ],
    ['a misspelt word', { 'kelp.test': 'v=spf1 inlcude:a.test ~all' }, {}, { says: 'unreadable', about: 'inlcude:a.test' }],
    ['a macro', { 'kelp.test': 'v=spf1 exists:%{i}._spf.kelp.test include:%{d}.x.test exp=e.kelp.test -all' }, {}, { state: 'good' }],
    ['a silent name server', { 'kelp.test': null }, {}, { state: 'unknown', says: 'unanswered' }],
    [
      'silence where the relay may stand',
      { 'kelp.test': 'v=spf1 include:quiet.test ~all', 'quiet.test': null },
      google,
      { state: 'unknown' },
    ],
  ])('%s', async (_name, zone, change, expected) => {
    expect((await look(zone, change)).spf).toMatchObject(expected);
  });
});

describe('DKIM', () => {
  const at = 'k1._domainkey.kelp.test';
  const signed = (domain: string, selector = 'x1') => ({ selector: '', signers: [{ domain, selector }] });
  test.each<[string, Zone, Partial<Sender>, object]>([
    ['no key under this name', { [at]: [] }, {}, { state: 'bad', says: 'missing', about: at }],
    ['a key that was withdrawn', { [at]: 'v=DKIM1; p=' }, {}, { state: 'bad', says: 'revoked' }],
    ['a short key', { [at]: short }, {}, { state: 'weak', says: 'short-key' }],
    ['no key at all', { [at]: 'v=DKIM1; p=bm8ga2V5' }, {}, { state: 'bad', says: 'unreadable' }],
    ['Ed25519', { [at]: 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' }, {}, { state: 'good' }],
    ['a key in test', { [at]: `${long}; t=y:s` }, {}, { state: 'weak', says: 'testing' }],
    ['nobody knows the name', {}, { selector: '', domain: 'reef.test' }, { state: 'unknown', says: 'no-selector' }],
    ['a usual name has one', {}, { selector: '' }, { state: 'unknown', says: 'guessed', about: at }],
    [
      'learnt from a mail of ours',
      { 'x1._domainkey.kelp.test': long },
      signed('kelp.test'),
      { state: 'good', about: 'x1._domainkey.kelp.test' },
    ],
    ['learnt, and gone', {}, signed('kelp.test'), { state: 'bad', says: 'missing' }],
    [
      'signed by the domain above',
      { 'x1._domainkey.test': long },
      { ...signed('kelp.test'), domain: 'mail.kelp.test' },
      { state: 'bad', about: 'x1._domainkey.kelp.test' },
    ],
    ['signed by another’s name alone', {}, signed('gappssmtp.com'), { state: 'weak', says: 'not-aligned', about: 'gappssmtp.com' }],
    ['a silent name server', { [at]: null }, {}, { state: 'unknown', says: 'unanswered' }],
  ])('%s', async (_name, zone, change, expected) => {
    expect((await look(zone, change)).dkim).toMatchObject(expected);
  });

  test('names of signers are read, whatever else stands there', () => {
    expect(
      readSigners(['v=1; a=rsa-sha256; d=Kelp.test; s=K1; b=AAAA', 'v=1; d=bad!domain; s=x', 'nonsense', 'd=a.test; s=../../x']),
    ).toEqual([{ domain: 'kelp.test', selector: 'k1' }]);
  });
});

describe('DMARC', () => {
  const unproven: Zone = { 'kelp.test': [], 'k1._domainkey.kelp.test': [] };
  test.each<[string, Zone, Partial<Sender>, object]>([
    ['nothing there', { '_dmarc.kelp.test': [] }, {}, { state: 'bad', says: 'missing', put: { name: '_dmarc.kelp.test' } }],
    ['two records', { '_dmarc.kelp.test': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }, {}, { state: 'bad', says: 'several' }],
    ['no policy', { '_dmarc.kelp.test': 'v=DMARC1; rua=mailto:a@b.test' }, {}, { state: 'bad', says: 'unreadable' }],
    [
      'only looked at',
      { '_dmarc.kelp.test': 'v=DMARC1; p=none; rua=mailto:a@b.test' },
      {},
      { state: 'weak', says: 'monitoring', put: { value: 'v=DMARC1; p=quarantine; rua=mailto:a@b.test' } },
    ],
    ['for some of the mails', { '_dmarc.kelp.test': 'v=DMARC1; p=reject; pct=20' }, {}, { state: 'weak', says: 'partly' }],
    [
      'of the domain above',
      { '_dmarc.kelp.test': 'v=DMARC1; p=none; sp=reject' },
      { domain: 'mail.kelp.test', selector: '' },
      { about: 'kelp.test' },
    ],
    ['strict, and neither proof', unproven, {}, { state: 'bad', says: 'nothing-aligned' }],
    ['strict, and one proof', { 'kelp.test': [] }, {}, { state: 'good' }],
    ['a silent name server', { '_dmarc.kelp.test': null }, {}, { state: 'unknown' }],
  ])('%s', async (_name, zone, change, expected) => {
    expect((await look(zone, change)).dmarc).toMatchObject(expected);
  });
});

test('no domain makes us ask without end', async () => {
  let asked = 0;
  const endless: AskTxt = async (name) => {
    asked += 1;
    return [`v=spf1 include:a.${name} include:b.${name} include:c.${name} ~all`];
  };
  expect((await checkDomain(endless, sender()))[0]).toMatchObject({ says: 'too-many-lookups' });
  expect(asked).toBeLessThan(40);
  const bounded = askWithin(async () => [], 2);
  expect([await bounded('a.test'), await bounded('A.test.'), await bounded('b.test'), await bounded('c.test')]).toEqual([[], [], [], null]);
});

test('people hear of what broke, not of what never worked or could not be asked', () => {
  const was = [
    { record: 'spf' as const, state: 'good' as const },
    { record: 'dkim' as const, state: 'bad' as const },
    { record: 'dmarc' as const, state: 'weak' as const },
  ];
  const now = was.map(({ record }) => ({ record, state: 'bad' as const, says: 'missing' as const }));
  expect(brokenSince(was, now).map(({ record }) => record)).toEqual(['spf', 'dmarc']);
  expect(brokenSince([], now)).toEqual([]);
  expect(brokenSince(was, [{ record: 'spf', state: 'unknown' }])).toEqual([]);
});
