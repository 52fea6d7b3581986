import { createHash, createVerify, randomUUID } from 'node:crypto';

export interface OauthManner {
  /** Seconds that an access token lives. */
  lifeSeconds: number;
  /** `until-used`: a used refresh token stays good until its successor is used, as several providers have it · `none`: it is gone at once. */
  grace: 'until-used' | 'none';
  /** Parameters that come along when a person comes back: QuickBooks names the company. */
  returns: Record<string, string>;
}
/** `cut-after`: the refresh token was rotated, and the answer never arrives. */
export type OauthFault = 'cut-before' | 'cut-after' | 'hang' | 'server-error' | 'limited' | 'nonsense' | 'echo';

export interface OauthWorld {
  clientId: string;
  clientSecret: string;
  /** PEM; statements of service accounts are checked with it. */
  publicKey: string | null;
  manner: OauthManner;
  faults: OauthFault[];
  codes: Map<string, { challenge: string; redirectUri: string }>;
  /** Good refresh tokens, each with the one that it replaced. */
  refreshTokens: Map<string, string | null>;
  accessTokens: Set<string>;
  /** `grant_type` of each request that was carried out. */
  granted: string[];
  now: () => number;
}

export interface OauthReply {
  status: number;
  body: object;
}

export const createOauthWorld = (
  given: Partial<Pick<OauthWorld, 'publicKey' | 'now'>> & { manner?: Partial<OauthManner> } = {},
): OauthWorld => ({
  clientId: 'client-1',
  clientSecret: 'client-secret-1',
  publicKey: given.publicKey ?? null,
  manner: { lifeSeconds: 3_600, grace: 'until-used', returns: {}, ...given.manner },
  faults: [],
  codes: new Map(),
  refreshTokens: new Map(),
  accessTokens: new Set(),
  granted: [],
  now: given.now ?? Date.now,
});

/** The person agrees at once. Answers where the browser is sent, or null for a request that a provider would refuse on its own page. */
export function authorize(world: OauthWorld, query: URLSearchParams): string | null {
  const [redirectUri, state, challenge] = [query.get('redirect_uri'), query.get('state'), query.get('code_challenge')];
  if (query.get('client_id') !== world.clientId || query.get('response_type') !== 'code') return null;
  if (redirectUri === null || state === null || challenge === null || query.get('code_challenge_method') !== 'S256') return null;
  const code = `code-${randomUUID()}`;
  world.codes.set(code, { challenge, redirectUri });
  const back = new URL(redirectUri);
  for (const [name, value] of Object.entries({ code, state, ...world.manner.returns })) back.searchParams.set(name, value);
  return back.href;
}

/** The token endpoint, as RFC 6749, 7523 and 7636 have it. */
export function grantTokens(world: OauthWorld, form: URLSearchParams, authorization: string | undefined): OauthReply {
  const way = form.get('grant_type') ?? '';
  if (way === 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return isSigned(world, form.get('assertion') ?? '') ? issue(world, way, null) : refuse('invalid_grant');
  if (!isClient(world, form, authorization)) return { ...refuse('invalid_client'), status: 401 };
  if (way === 'client_credentials') return issue(world, way, null);
  if (way === 'authorization_code') {
    const code = world.codes.get(form.get('code') ?? '');
    world.codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.challenge !== challenge || code.redirectUri !== form.get('redirect_uri')) return refuse('invalid_grant');
    return issue(world, way, newRefresh(world, null));
  }
  if (way !== 'refresh_token') return refuse('unsupported_grant_type');
  const given = form.get('refresh_token') ?? '';
  if (!world.refreshTokens.has(given)) return refuse('invalid_grant');
  const before = world.refreshTokens.get(given) ?? null;
  if (before !== null) world.refreshTokens.delete(before);
  if (world.manner.grace === 'none') world.refreshTokens.delete(given);
  return issue(world, way, newRefresh(world, given));
}

function newRefresh(world: OauthWorld, replaces: string | null): string {
  const token = `refresh-${randomUUID()}`;
  world.refreshTokens.set(token, replaces);
  return token;
}

function issue(world: OauthWorld, way: string, refresh: string | null): OauthReply {
  const access = `access-${randomUUID()}`;
  world.accessTokens.add(access);
  world.granted.push(way);
  return {
    status: 200,
    body: {
      access_token: access,
      token_type: 'bearer',
      expires_in: world.manner.lifeSeconds,
      ...(refresh === null ? {} : { refresh_token: refresh }),
    },
  };
}

const refuse = (error: string): OauthReply => ({ status: 400, body: { error, error_description: `The fake says ${error}.` } });

function isClient(world: OauthWorld, form: URLSearchParams, authorization: string | undefined): boolean {
  const header = `Basic ${Buffer.from(`${world.clientId}:${world.clientSecret}`).toString('base64')}`;
  return authorization === header || (form.get('client_id') === world.clientId && form.get('client_secret') === world.clientSecret);
}

function isSigned(world: OauthWorld, assertion: string): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  if (world.publicKey === null) return false;
  const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const ends = typeof parsed === 'object' && parsed !== null && 'exp' in parsed ? Number(parsed.exp) * 1_000 : 0;
  return ends > world.now() && createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(world.publicKey, signature, 'base64url');
}
