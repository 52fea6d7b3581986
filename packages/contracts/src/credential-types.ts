import { z } from 'zod';
import { bucketList, companyName, modelsAt, ownAddress, shopName, type Probe } from './probe-calls.ts';
import { wayInput } from './ways.ts';

/** How an access token is got for a credential: by a person's consent, by the application itself, or by a signed statement. */
export interface TokenGrant {
  way: 'code' | 'client' | 'statement';
  /** Where a person is sent to agree; only for `code`. */
  authorizeUrl: string;
  tokenUrl: string;
  /** Separated by spaces. */
  scopes: string;
  clientId: string;
  /** The application names itself in the Authorization header, or in the body. */
  clientAuth: 'header' | 'body';
  /** Further parameters of the address where a person agrees. */
  extra: Readonly<Record<string, string>>;
}

/** What is known of a credential beside its secret. */
export interface CredentialFacts {
  settings: Readonly<Record<string, string>>;
  /** What it turned out to be connected to: `realmId`, `email`. */
  account: Readonly<Record<string, string>>;
  /** An address that an administrator set, instead of the real one. */
  baseUrl: string | null;
}

interface CredentialType<Settings extends z.ZodObject = z.ZodObject, Secret extends z.ZodObject = z.ZodObject> {
  /** `caller`: it is compared with what others send, and never sent anywhere. */
  group: 'model' | 'service' | 'system' | 'caller';
  /** Whether an address of its own belongs to it. */
  baseUrl: 'needed' | 'possible' | 'none';
  /** Shown again to whoever may manage it. */
  settings: Settings;
  /** Written once, never shown. */
  secret: Secret;
  /** Where calls with a path alone go; null: the base URL alone. */
  apiUrl?: (facts: CredentialFacts) => string | null;
  /** What its limits and pauses belong to. */
  provider?: (facts: CredentialFacts, id: string) => string;
  grant?: (facts: CredentialFacts) => TokenGrant | null;
  /** What is tried by the button, and again and again by itself. */
  probe: Probe;
}
const define = <Settings extends z.ZodObject, Secret extends z.ZodObject>(given: CredentialType<Settings, Secret>) => given;

const line = z
  .string()
  .min(1)
  .max(10_000)
  .regex(/^[^\r\n\0]*$/, 'It holds a line break, which no header can carry: copy it again without')
  .regex(/\S/, 'It holds spaces only');
const none = z.strictObject({});
const apiKey = z.strictObject({ apiKey: line });
const optionalSecret = line.optional();
const clientSecret = z.strictObject({ clientSecret: line });
const clientId = line.max(500);

/** The same path at another origin: an emulator stands in for all of a provider's hosts. */
const at = (baseUrl: string | null, url: string): string => {
  if (baseUrl === null) return url;
  const { pathname, search } = new URL(url);
  return `${new URL(baseUrl).origin}${pathname}${search}`;
};
const slashed = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9-]+$/, 'A header\'s name holds letters, digits and "-" only');
const hmacSettings = z.strictObject({
  algorithm: z.enum(['sha256', 'sha512']),
  encoding: z.enum(['hex', 'base64']),
  keyFormat: z.enum(['text', 'hex', 'base64']),
  header: headerName,
  prefix: line.max(100).optional(),
  signedText: line
    .max(500)
    .refine(
      (text) => text.replaceAll(/\{(?:method|path|host|timestamp|body|bodyHash)\}/g, '').search(/[{}]/) < 0,
      'Use {method}, {path}, {host}, {timestamp}, {body} and {bodyHash} only',
    )
    .optional(),
  timestampHeader: headerName.optional(),
  timestampFormat: z.enum(['seconds', 'milliseconds', 'iso']),
  keyIdHeader: headerName.optional(),
  keyId: line.max(500).optional(),
});

const sheetsScope = 'https://www.googleapis.com/auth/spreadsheets';
const googleGrant = { scopes: sheetsScope, clientAuth: 'body', extra: { access_type: 'offline', prompt: 'consent' } } as const;
const googleTokenUrl = 'https://oauth2.googleapis.com/token';
const sheetsUrl = ({ baseUrl }: CredentialFacts): string => slashed(baseUrl ?? 'https://sheets.googleapis.com/');
const pem = z
  .string()
  .max(20_000)
  .regex(/-----BEGIN CERTIFICATE-----/, 'Paste the text of the certificate, from -----BEGIN CERTIFICATE----- on');
/** What has a meaning in a connection string is in none of these: they name one server, and nothing else. */
const database = {
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9_.:-]+$/, 'Write the name or address of one server, without a port'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'Write a number, as 5432')
    .optional(),
  database: z
    .string()
    .max(120)
    .regex(/^[A-Za-z0-9_.$# -]+$/, 'Letters, digits and . _ $ # - only'),
  user: line.max(120),
  tls: z.enum(['verify-full', 'require', 'off']),
  certificates: pem.optional(),
} as const;
const databaseUse = { writing: z.enum(['refused', 'allowed']), network: z.enum(['outside', 'inside']) } as const;
const databaseKey = (kind: string, usual: number, { settings }: CredentialFacts): string =>
  `${kind}:${settings['host'] ?? ''}:${settings['port'] ?? usual}/${settings['database'] ?? ''}`;
/** AWS by its own addresses, or an S3 server at the address that an administrator set; the bucket in the path or before the host. */
const bucketUrl = ({ settings, baseUrl }: CredentialFacts): string => {
  const bucket = settings['bucket'] ?? '';
  const endpoint = new URL(slashed(baseUrl ?? `https://s3.${settings['region'] ?? ''}.amazonaws.com/`));
  // A dot in the bucket's name would fit no certificate.
  if (settings['addressing'] === 'path' || bucket.includes('.')) return new URL(`${bucket}/`, endpoint).href;
  endpoint.host = `${bucket}.${endpoint.host}`;
  return endpoint.href;
};
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
      authorizeUrl: at(baseUrl, 'https://accounts.google.com/o/oauth2/v2/auth'),
      tokenUrl: at(baseUrl, googleTokenUrl),
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
    grant: ({ baseUrl }) => ({ ...googleGrant, way: 'statement', authorizeUrl: '', tokenUrl: at(baseUrl, googleTokenUrl), clientId: '' }),
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
            tokenUrl: at(facts.baseUrl, `https://${shopOf(facts)}/admin/oauth/access_token`),
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
      authorizeUrl: at(baseUrl, 'https://appcenter.intuit.com/connect/oauth2'),
      tokenUrl: at(baseUrl, 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer'),
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
      ...database,
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
    settings: z.strictObject({ ...database, ...databaseUse }),
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

const common = {
  name: z.string().min(1).max(120),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'Write the whole address, starting with https://' })
    .max(500)
    .nullable()
    .optional(),
  allowedHosts: z.array(z.string().max(253)).max(50).optional(),
  via: wayInput.nullable().optional(),
};

function variant(kind: CredentialKind) {
  const { settings, secret } = credentialType(kind);
  // Kinds without settings may leave them out.
  return z.strictObject({
    ...common,
    kind: z.literal(kind),
    settings: Object.keys(settings.shape).length === 0 ? settings.default({}) : settings,
    secret,
  });
}
const changedVariant = (kind: CredentialKind) => variant(kind).extend({ secret: credentialType(kind).secret.optional() });
const [first, ...others] = credentialKinds;

/** A new credential: what each kind asks for. */
export const newCredential = z.discriminatedUnion('kind', [variant(first), ...others.map(variant)]).superRefine(checkTogether);
/** A change of one; the stored secret stays when it is left out. */
export const changedCredential = z
  .discriminatedUnion('kind', [changedVariant(first), ...others.map(changedVariant)])
  .superRefine(checkTogether);

interface Given {
  kind: CredentialKind;
  via?: object | null | undefined;
  settings: Record<string, unknown>;
  secret?: Record<string, unknown> | undefined;
}

/** What a kind needs only in one of its ways. */
function checkTogether(given: Given, context: z.RefinementCtx): void {
  const { kind, settings, secret } = given;
  const miss = (...path: string[]) => context.addIssue({ code: 'too_small', minimum: 1, origin: 'string', path, input: given });
  if (kind === 'oauth2' && settings['grant'] === 'code' && !settings['authorizeUrl']) miss('settings', 'authorizeUrl');
  if (kind === 'oauth2' && settings['grant'] === 'client' && secret && !secret['clientSecret']) miss('secret', 'clientSecret');
  if (given.via && credentialType(kind).baseUrl === 'none')
    context.addIssue({ code: 'custom', path: ['via'], message: 'This kind makes no web calls, so it has no way of its own', input: given });
  if (kind !== 'shopify') return;
  const isApp = settings['access'] === 'app';
  if (isApp && !settings['clientId']) miss('settings', 'clientId');
  const wanted = isApp ? 'clientSecret' : 'accessToken';
  if (secret && !secret[wanted]) miss('secret', wanted);
}
