import { createHash, randomBytes } from 'node:crypto';
import { credentialKinds, credentialType, type TokenGrant } from '@holdfast/contracts';
import { insertOauthGrant, markCredential, saveTokens, takeOauthGrant, type OauthGrant, type SealedCredential } from '@holdfast/db';
import { asHoldfastError, HoldfastError, say, toProblem } from '@holdfast/errors';
import { askForTokens } from './ask-for-tokens.ts';
import type { CredentialsDeps } from './credentials.ts';
import { loadKnownCredential, openSecret, openWay } from './open-credential.ts';
import { sealTokens } from './tokens.ts';

/** Who connects, and where the provider sends them back to. */
export interface Connecting {
  workspaceId: string;
  /** The way back is good in this session only. */
  sessionId: string;
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
const random = (): string => randomBytes(32).toString('base64url');

/** The provider's page where a person agrees (authorization code with PKCE). Throws request.invalid for kinds that need nobody's consent. */
export async function beginConnection(deps: CredentialsDeps, given: Connecting & { id: string; redirectUri: string }): Promise<string> {
  const { workspaceId, id, redirectUri, sessionId } = given;
  const known = await loadKnownCredential(deps.pool, workspaceId, id);
  const grant = consentOf(known);
  const [state, verifier] = [random(), random()];
  const sealed = deps.secrets.seal(verifier);
  await insertOauthGrant(deps.pool, {
    workspaceId,
    credentialId: id,
    redirectUri,
    stateHash: hash(state),
    sessionHash: hash(sessionId),
    verifier: sealed.secret,
    keyId: sealed.keyId,
  });
  const url = new URL(grant.authorizeUrl);
  const parameters = {
    response_type: 'code',
    client_id: grant.clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: hash(verifier).toString('base64url'),
    code_challenge_method: 'S256',
    ...(grant.scopes === '' ? {} : { scope: grant.scopes }),
    ...grant.extra,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** What a provider sends along when a person comes back. */
export interface Return {
  state: string;
  code?: string | undefined;
  error?: string | undefined;
  /** QuickBooks: the company that was chosen. */
  realmId?: string | undefined;
}

/**
 * Exchanges the code for tokens and keeps them. Answers the credential's id. Throws auth.signature for a state that is not this session's, and
 * credential.attention or upstream.* when the provider says no.
 */
export async function finishConnection(deps: CredentialsDeps, given: Connecting & Return): Promise<string> {
  const { workspaceId, sessionId } = given;
  const way = await takeOauthGrant(deps.pool, { workspaceId, stateHash: hash(given.state), sessionHash: hash(sessionId) });
  if (!way)
    throw new HoldfastError('auth.signature', {
      detail: 'This way back from the provider is not good any more, or began in another session. Nothing was connected.',
      hint: 'Press Connect again.',
    });
  const known = await loadKnownCredential(deps.pool, workspaceId, way.credentialId);
  try {
    await exchange(deps, known, way, given);
  } catch (thrown) {
    const error = asHoldfastError(thrown, 'internal');
    if (error.code !== 'internal')
      await markCredential(deps.pool, { workspaceId, id: known.id, state: known.state, problem: toProblem(error) });
    throw thrown;
  }
  return known.id;
}

async function exchange(deps: CredentialsDeps, known: SealedCredential, way: OauthGrant, given: Return): Promise<void> {
  const grant = consentOf(known);
  const { host } = new URL(grant.tokenUrl);
  if (given.code === undefined) throw refused(host, given.error);
  const answer = await askForTokens(
    { ...deps, clock: deps.clock ?? Date.now },
    {
      grant,
      clientSecret: openSecret(deps.secrets, known)['clientSecret'] ?? null,
      baseUrl: known.baseUrl,
      via: openWay(deps.secrets, known),
      refresh: null,
      parameters: {
        grant_type: 'authorization_code',
        code: given.code,
        redirect_uri: way.redirectUri,
        code_verifier: deps.secrets.open({ secret: way.verifier, keyId: way.keyId }),
      },
    },
  );
  if (answer.state === 'refused') throw refused(host, answer.error);
  const { secret, keyId } = sealTokens(deps.secrets, answer.tokens);
  const account: Record<string, string> = given.realmId === undefined ? {} : { realmId: given.realmId };
  const isSaved = await saveTokens(deps.pool, {
    workspaceId: known.workspaceId,
    id: known.id,
    version: known.tokensVersion,
    tokens: secret,
    keyId,
    account,
  });
  if (!isSaved)
    throw new HoldfastError('resource.conflict', {
      detail: say`"${known.name}" was changed while you were at the provider.`,
      hint: 'Press Connect again.',
    });
}

function consentOf(known: SealedCredential): TokenGrant {
  const kind = credentialKinds.find((each) => each === known.kind);
  const grant = kind === undefined ? null : credentialType(kind).grant?.(known);
  if (grant?.way === 'code') return grant;
  throw new HoldfastError('request.invalid', {
    detail: say`"${known.name}" needs nobody's consent: it works with its own secret.`,
    hint: 'Press Test.',
  });
}

/** Only the standard's own words are repeated; whoever made the link could have written anything else. */
const refused = (host: string, error: string | undefined): HoldfastError =>
  new HoldfastError('credential.attention', {
    detail: say`${host} did not give us access${error !== undefined && /^[a-z_]{1,60}$/.test(error) ? ` (${error})` : ''}. Nothing was connected.`,
    hint: 'Press Connect again, sign in with an account that may grant it, and agree.',
  });
