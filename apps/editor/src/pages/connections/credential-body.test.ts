import { readFileSync } from 'node:fs';
import { changedCredential, credentialKinds, newCredential } from '@holdfast/contracts';
import { expect, test } from 'vitest';
import { credentialBody, type CredentialValues } from './credential-body.ts';
import { isOtherWay, wayValuesOf } from '../../parts/way-values.ts';
import { fieldsOf, settingsOf } from './credential-fields.ts';

const values: CredentialValues = {
  name: ' CRM ',
  kind: 'basic',
  baseUrl: '',
  allowedHosts: ['crm.example.com', ' '],
  settings: {},
  secret: { username: 'ana', password: 'x', apiKey: 'left from another kind' },
  via: wayValuesOf(null),
};
const missing = (given: CredentialValues, isNew = true): string[] => {
  const parsed = (isNew ? newCredential : changedCredential).safeParse(credentialBody(given, isNew));
  return (parsed.error?.issues ?? []).map(({ path }) => path.join('.'));
};

test('only the fields of its kind travel', () => {
  expect(credentialBody(values, true)).toEqual({
    name: 'CRM',
    kind: 'basic',
    baseUrl: null,
    allowedHosts: ['crm.example.com'],
    settings: {},
    secret: { username: 'ana', password: 'x' },
    via: null,
  });
});

test('a way travels with what belongs to it, also of databases, and kinds that make no calls have none', () => {
  const via = { ...wayValuesOf(null), kind: 'proxy' as const, url: 'socks5://proxy.example.com:1080', username: 'ann' };
  expect(credentialBody({ ...values, via }, true).via).toEqual({ kind: 'proxy', url: via.url, username: 'ann' });
  expect(missing({ ...values, via: { ...via, url: 'proxy.example.com' } })).toEqual(['via.url']);
  expect(missing({ ...values, via: { ...via, url: 'http://ann:secret@proxy.example.com' } })).toEqual(['via.url']);
  expect(missing({ ...values, via: { ...via, kind: 'agent' } })).toEqual(['via.agent']);
  expect(credentialBody({ ...values, kind: 'signing', via }, true)).not.toHaveProperty('via');
  const settings = { ...settingsOf('postgresql'), host: 'db.internal', port: '5432', database: 'erp', user: 'flows' };
  const database = { ...values, kind: 'postgresql' as const, settings, secret: { password: 'x' }, via };
  expect([credentialBody(database, true).via, missing(database)]).toEqual([{ kind: 'proxy', url: via.url, username: 'ann' }, []]);
  expect(missing({ ...database, via: { ...via, kind: 'agent', agent: 'agent_1' } })).toEqual([]);
  const signing = { name: 'Bank', kind: 'signing', secret: { signingKey: 'whsec_x' }, via: { kind: 'agent', agent: 'agent_1' } };
  expect(newCredential.safeParse(signing).error?.issues[0]?.path).toEqual(['via']);
});

test('another way asks for the secret again, the same one does not', () => {
  const stored = { kind: 'proxy' as const, url: 'socks5://proxy.example.com:1080', username: null, hasPassword: false };
  const same = wayValuesOf(stored);
  expect([isOtherWay(stored, same), isOtherWay(null, wayValuesOf(null))]).toEqual([false, false]);
  expect(isOtherWay(stored, { ...same, username: 'ann' })).toBe(true);
  expect(isOtherWay(stored, { ...same, kind: 'straight' })).toBe(true);
  expect(isOtherWay({ kind: 'agent', agent: 'a' }, { ...same, kind: 'agent', agent: 'b' })).toBe(true);
});

test('an untouched secret is kept', () => {
  expect(credentialBody({ ...values, secret: {} }, false)).not.toHaveProperty('secret');
  expect(missing({ ...values, secret: {} }, false)).toEqual([]);
});

test('half a secret is asked for in full', () => {
  expect(missing({ ...values, secret: { username: 'ana' } }, false)).toEqual(['secret.password']);
  expect(missing({ ...values, secret: {} })).toEqual(['secret.username', 'secret.password']);
});

test('a model server of our own may have no key', () => {
  expect(missing({ ...values, kind: 'openai-compatible', secret: {} })).toEqual([]);
});

test('a shop is connected by an application or by a token, and only what belongs to that travels', () => {
  const shop: CredentialValues = {
    ...values,
    kind: 'shopify',
    settings: { ...settingsOf('shopify'), shop: 'kelp.myshopify.com' },
    secret: {},
  };
  expect(missing(shop)).toEqual(['settings.clientId', 'secret.clientSecret']);
  const byToken = {
    ...shop,
    settings: { ...shop.settings, access: 'token', clientId: 'left' },
    secret: { accessToken: 'shpat_1', clientSecret: 'left' },
  };
  expect(credentialBody(byToken, true)).toMatchObject({
    allowedHosts: [],
    settings: { shop: 'kelp.myshopify.com', access: 'token' },
    secret: { accessToken: 'shpat_1' },
  });
  expect(missing(byToken)).toEqual([]);
});

test('a key file that is none is refused', () => {
  expect(missing({ ...values, kind: 'google-service-account', secret: { key: '{"type":"user"}' } })).toEqual(['secret.key']);
});

const wordsFor = (choices: readonly string[] | null) =>
  choices === null ? {} : { choice: Object.fromEntries(choices.map((choice) => [choice, expect.stringMatching(/./)])) };

test.each(['en', 'es'])('every field and choice of every kind has its words: %s', (language) => {
  const words: unknown = JSON.parse(readFileSync(new URL(`../../i18n/${language}/connections.json`, import.meta.url), 'utf8'));
  for (const kind of credentialKinds) {
    const ways = kind === 'shopify' ? [{ access: 'app' }, { access: 'token' }] : [{ ...settingsOf(kind) }];
    for (const { part, name, choices } of ways.flatMap((settings) => fieldsOf(kind, settings)))
      expect(words, `${kind} ${name}`).toMatchObject({
        kind: { [kind]: { name: expect.any(String) } },
        [part]: {
          [name]: {
            label: expect.any(String),
            ...wordsFor(choices),
          },
        },
      });
  }
});
