import { z } from 'zod';
import { atBase, bucketUrl, databaseServer, databaseKey, databaseUse, hmacSettings, line, slashed } from './credential-settings.ts';
import { define, type CredentialFacts, type CredentialType } from './credential-type.ts';
import { bucketList, companyName, modelsAt, ownAddress, shopName } from './probe-calls.ts';

const none = z.strictObject({});
const apiKey = z.strictObject({ apiKey: line });
const optionalSecret = line.optional();
const clientSecret = z.strictObject({ clientSecret: line });
const clientId = line.max(500);

const sheetsScope = 'https://www.googleapis.com/auth/spreadsheets';
const googleGrant = { scopes: sheetsScope, clientAuth: 'body', extra: { access_type: 'offline', prompt: 'consent' } } as const;
const googleTokenUrl = 'https://oauth2.googleapis.com/token';
const sheetsUrl = ({ baseUrl }: CredentialFacts): string => slashed(baseUrl ?? 'https://sheets.googleapis.com/');
const shopOf = ({ settings }: CredentialFacts): string => (settings['shop'] ?? '').toLowerCase();

/** Every kind of credential: one definition makes the form, the check of what is sent, and how it is used. Its hosts: the address, else `allowedHosts`. */
export const credentialTypes = {
  claude: define({
    group: 'model',
    baseUrl: 'possible',
    settings: none,
    secret: apiKey,
    probe: modelsAt('/v1/models', 'https://api.anthropic.com', { 'anthropic-version': '2023-06-01' }),
  }),
  groq: define({
    group: 'model',
    baseUrl: 'possible',
    settings: none,
    secret: apiKey,
    probe: modelsAt('/openai/v1/models', 'https://api.groq.com'),
  }),
  'openai-compatible': define({
    group: 'model',
    baseUrl: 'needed',
    settings: none,
    secret: z.strictObject({ apiKey: line.optional() }),
    probe: modelsAt('/models', null),
  }),
  google: define({
    group: 'system',
    // What it may read is decided sheet by sheet.
    probe: 'token',
    baseUrl: 'possible',
    settings: z.strictObject({ clientId }),
    secret: clientSecret,
    apiUrl: sheetsUrl,
    provider: (_facts, id) => `google-sheets:${id}`,
    grant: ({ settings, baseUrl }) => ({
      ...googleGrant,
      way: 'code',
      authorizeUrl: atBase(baseUrl, 'https://accounts.google.com/o/oauth2/v2/auth'),
      tokenUrl: atBase(baseUrl, googleTokenUrl),
      clientId: settings['clientId'] ?? '',
    }),
  }),
  'google-service-account': define({
    group: 'system',
    probe: 'token',
    baseUrl: 'possible',
    settings: none,
    secret: z.strictObject({
      key: z
        .string()
        .min(1)
        .max(10_000)
        .refine(isServiceAccountKey, 'This is not the JSON file of a service account: it needs "client_email" and "private_key"'),
    }),
    apiUrl: sheetsUrl,
    // All calls of a service account count as one user's, whoever shares a sheet with it.
    provider: ({ account }, id) => `google-sheets:${account['email'] ?? id}`,
    grant: ({ baseUrl }) => ({
      ...googleGrant,
      way: 'statement',
      authorizeUrl: '',
      tokenUrl: atBase(baseUrl, googleTokenUrl),
      clientId: '',
    }),
  }),
  shopify: define({
    group: 'system',
    probe: shopName,
    baseUrl: 'possible',
    settings: z.strictObject({
      shop: z
        .string()
        .min(1)
        .max(120)
        .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i, 'Write it as acme.myshopify.com'),
      access: z.enum(['app', 'token']),
      clientId: clientId.optional(),
    }),
    secret: z.strictObject({ clientSecret: optionalSecret, accessToken: optionalSecret }),
    apiUrl: (facts) => slashed(facts.baseUrl ?? `https://${shopOf(facts)}/`),
    provider: (facts) => `shopify:${shopOf(facts)}`,
    grant: (facts) =>
      facts.settings['access'] === 'token'
        ? null
        : {
            way: 'client',
            authorizeUrl: '',
            tokenUrl: atBase(facts.baseUrl, `https://${shopOf(facts)}/admin/oauth/access_token`),
            scopes: '',
            clientId: facts.settings['clientId'] ?? '',
            clientAuth: 'body',
            extra: {},
          },
  }),
  quickbooks: define({
    group: 'system',
    probe: companyName,
    baseUrl: 'possible',
    settings: z.strictObject({ environment: z.enum(['production', 'sandbox']), clientId }),
    secret: clientSecret,
    apiUrl: ({ settings, account, baseUrl }) => {
      const host =
        settings['environment'] === 'sandbox' ? 'https://sandbox-quickbooks.api.intuit.com/' : 'https://quickbooks.api.intuit.com/';
      return account['realmId'] === undefined ? null : `${slashed(baseUrl ?? host)}v3/company/${encodeURIComponent(account['realmId'])}/`;
    },
    provider: ({ account }, id) => `quickbooks:${account['realmId'] ?? id}`,
    grant: ({ settings, baseUrl }) => ({
      way: 'code',
      authorizeUrl: atBase(baseUrl, 'https://appcenter.intuit.com/connect/oauth2'),
      tokenUrl: atBase(baseUrl, 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer'),
      scopes: 'com.intuit.quickbooks.accounting',
      clientId: settings['clientId'] ?? '',
      clientAuth: 'header',
      extra: {},
    }),
  }),
  postgresql: define({
    group: 'system',
    probe: 'database',
    baseUrl: 'none',
    settings: z.strictObject({
      ...databaseServer,
      schemas: z
        .string()
        .max(500)
        .regex(/^[^\0"]*$/, 'Write names, separated by commas')
        .optional(),
      ...databaseUse,
    }),
    secret: z.strictObject({ password: line }),
    provider: (facts) => databaseKey('postgresql', 5432, facts),
  }),
  oracle: define({
    group: 'system',
    probe: 'database',
    baseUrl: 'none',
    settings: z.strictObject({ ...databaseServer, ...databaseUse }),
    secret: z.strictObject({ password: line }),
    provider: (facts) => databaseKey('oracle', facts.settings['tls'] === 'off' ? 1521 : 2484, facts),
  }),
  s3: define({
    group: 'system',
    probe: bucketList,
    baseUrl: 'possible',
    settings: z.strictObject({
      region: z
        .string()
        .max(60)
        .regex(/^[a-z0-9-]+$/, 'Write it as eu-central-1'),
      bucket: z
        .string()
        .max(63)
        .regex(/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, 'Small letters, digits and dashes, as your provider shows it'),
      addressing: z.enum(['host', 'path']),
      accessKeyId: line.max(200),
    }),
    secret: z.strictObject({ secretAccessKey: line }),
    apiUrl: bucketUrl,
    provider: ({ settings }) => `s3:${settings['bucket'] ?? ''}`,
  }),
  oauth2: define({
    group: 'service',
    probe: ownAddress,
    baseUrl: 'possible',
    settings: z.strictObject({
      grant: z.enum(['code', 'client']),
      authorizeUrl: z
        .url({ protocol: /^https?$/ })
        .max(500)
        .optional(),
      tokenUrl: z.url({ protocol: /^https?$/ }).max(500),
      clientId,
      scopes: z.string().max(2_000).optional(),
      clientAuth: z.enum(['header', 'body']),
    }),
    // A public application has none; PKCE stands in for it.
    secret: z.strictObject({ clientSecret: optionalSecret }),
    grant: ({ settings }) => ({
      way: settings['grant'] === 'client' ? 'client' : 'code',
      authorizeUrl: settings['authorizeUrl'] ?? '',
      tokenUrl: settings['tokenUrl'] ?? '',
      scopes: settings['scopes'] ?? '',
      clientId: settings['clientId'] ?? '',
      clientAuth: settings['clientAuth'] === 'body' ? 'body' : 'header',
      extra: {},
    }),
  }),
  bearer: define({ group: 'service', baseUrl: 'possible', settings: none, probe: ownAddress, secret: z.strictObject({ token: line }) }),
  basic: define({
    group: 'service',
    baseUrl: 'possible',
    settings: none,
    probe: ownAddress,
    secret: z.strictObject({ username: line, password: line }),
  }),
  header: define({
    group: 'service',
    baseUrl: 'possible',
    settings: none,
    probe: ownAddress,
    secret: z.strictObject({ name: line, value: line }),
  }),
  query: define({
    group: 'service',
    baseUrl: 'possible',
    settings: none,
    probe: ownAddress,
    secret: z.strictObject({ name: line, value: line }),
  }),
  // Each call is signed, and the key never leaves the house.
  hmac: define({
    group: 'service',
    probe: ownAddress,
    baseUrl: 'possible',
    settings: hmacSettings,
    secret: z.strictObject({ hmacKey: line }),
  }),
  // WS-Security: who we are stands in the message itself.
  'soap-username': define({
    group: 'service',
    probe: 'soap',
    baseUrl: 'possible',
    settings: z.strictObject({
      passwordType: z.enum(['text', 'digest']),
      timestamp: z.enum(['no', 'yes']),
      mustUnderstand: z.enum(['yes', 'no']),
    }),
    secret: z.strictObject({ username: line, password: line }),
  }),
  signing: define({
    group: 'caller',
    probe: 'nothing',
    baseUrl: 'none',
    settings: none,
    // With a new key: how long callers may go on with the one that it replaces.
    secret: z.strictObject({ signingKey: line, keepOld: z.enum(['no', '1h', '24h', '7d']).optional() }),
  }),
} as const;

export type CredentialKind = keyof typeof credentialTypes;
// The keys of the table above, which Object.keys forgets.
export const credentialKinds = Object.keys(credentialTypes) as [CredentialKind, ...CredentialKind[]];

/** The definition of a kind, with what every kind has. */
export const credentialType = (kind: CredentialKind): CredentialType => credentialTypes[kind];

/** Whether a person must agree at the provider before it works. */
export const needsConsent = (kind: CredentialKind, facts: CredentialFacts): boolean => credentialType(kind).grant?.(facts)?.way === 'code';

function isServiceAccountKey(text: string): boolean {
  try {
    return z.object({ client_email: z.email(), private_key: z.string().includes('PRIVATE KEY') }).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** How what a kind is used for may leave the house, when not straight. */
export function waysOf(kind: CredentialKind): readonly ('proxy' | 'agent')[] {
  const { baseUrl, probe } = credentialType(kind);
  return baseUrl === 'none' && probe !== 'database' ? [] : ['proxy', 'agent'];
}
