import { credentialKinds, credentialType, type CredentialKind, type TokenGrant } from '@holdfast/contracts';
import type { Pool, SealedCredential } from '@holdfast/db';
import { nameOfWay, type Egress } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { loadKnownCredential, openSecret, openWay, type OpenCredential } from './open-credential.ts';
import { renewTokens, type Unsaved } from './renew-tokens.ts';
import type { Secrets } from './secrets.ts';
import { isFresh, isGood, openTokens, type Tokens } from './tokens.ts';

export interface CredentialsDeps {
  pool: Pool;
  secrets: Secrets;
  egress: Pick<Egress, 'fetchFor'>;
  /** Milliseconds since 1970. */
  clock?: () => number;
}

export interface Credentials {
  /**
   * Ready for one call, with an access token where its kind has one. Throws credential.missing, credential.attention (a person must connect it)
   * and upstream.* when no token could be got now.
   */
  open: (workspaceId: string, id: string) => Promise<OpenCredential>;
  /** Whose it is and where it leads; its secret stays closed. Throws credential.missing. */
  look: (workspaceId: string, id: string) => Promise<OpenCredential>;
  /** The same with a token got just now: what the test button asks for, also of one that needs a person. */
  openAnew: (workspaceId: string, id: string) => Promise<OpenCredential>;
}

/** A token younger than this that a provider refuses would not get better by another one. */
const renewsAfterMs = 60_000;

/** Opens credentials for this process. One request for new tokens at a time and credential, also among processes. */
export function createCredentials(given: CredentialsDeps): Credentials {
  const deps = { ...given, clock: given.clock ?? Date.now };
  const unsaved: Unsaved = new Map();
  const underway = new Map<string, Promise<Tokens | null>>();
  /** Null: somebody else changed it meanwhile, so look again. */
  const renew = (known: SealedCredential, grant: TokenGrant, isForced: boolean): Promise<Tokens | null> => {
    const current = underway.get(known.id);
    if (current) return current.then(() => null);
    const mine = renewTokens(deps, { known, grant, unsaved, isForced }).finally(() => underway.delete(known.id));
    underway.set(known.id, mine);
    return mine;
  };
  const tokensOf = async (known: SealedCredential, grant: TokenGrant, isForced: boolean): Promise<Tokens | null> => {
    const tokens = openTokens(deps.secrets, known);
    const now = deps.clock();
    if (!isForced && tokens && isFresh(tokens, now)) return tokens;
    if (!isForced) refuseUnready(known, tokens !== null && isGood(tokens, now));
    try {
      return await renew(known, grant, isForced);
    } catch (error) {
      // The provider has a bad moment, and the old one is still good.
      if (!isForced && tokens && isGood(tokens, now) && error instanceof HoldfastError && error.meaning.retry !== 'never') return tokens;
      throw error;
    }
  };
  const open = async (workspaceId: string, id: string, isForced = false): Promise<OpenCredential> => {
    for (let looks = 0; looks < 5; looks += 1) {
      const known = await loadKnownCredential(deps.pool, workspaceId, id);
      const grant = credentialType(kindOf(known)).grant?.(known) ?? null;
      if (!grant) return { ...factsOf(deps.secrets, known), secret: openSecret(deps.secrets, known) };
      const tokens = await tokensOf(known, grant, isForced && looks === 0);
      if (tokens === null) continue;
      return { ...factsOf(deps.secrets, known), secret: { token: tokens.access }, renew: () => another(known, tokens) };
    }
    throw new HoldfastError('upstream.limited', {
      detail: 'The access to this service was changed again and again while a call waited for it.',
    });
  };
  const another = async (known: SealedCredential, refused: Tokens): Promise<OpenCredential | null> => {
    const latest = await open(known.workspaceId, known.id);
    if (latest.secret['token'] !== refused.access) return latest;
    if (deps.clock() - refused.obtainedAt < renewsAfterMs) return null;
    const anew = await open(known.workspaceId, known.id, true);
    return anew.secret['token'] === refused.access ? null : anew;
  };
  const look = async (workspaceId: string, id: string): Promise<OpenCredential> => ({
    ...factsOf(deps.secrets, await loadKnownCredential(deps.pool, workspaceId, id)),
    secret: {},
  });
  return { open, look, openAnew: (workspaceId, id) => open(workspaceId, id, true) };
}

const kindOf = ({ kind }: SealedCredential): CredentialKind => {
  const known = credentialKinds.find((each) => each === kind);
  if (!known)
    throw new HoldfastError('credential.missing', { detail: say`This version of Holdfast knows no connection of the kind "${kind}".` });
  return known;
};

function factsOf(secrets: Secrets, known: SealedCredential): Omit<OpenCredential, 'secret'> {
  const type = credentialType(kindOf(known));
  const via = openWay(secrets, known);
  const apiUrl = type.apiUrl?.(known) ?? null;
  const { kind, name, baseUrl, settings } = known;
  return {
    kind,
    name,
    baseUrl,
    apiUrl,
    settings,
    via,
    // A system's credential goes to its own host, whatever was entered.
    allowedHosts: apiUrl === null ? known.allowedHosts : [new URL(apiUrl).host],
    ...(type.provider ? { provider: `${type.provider(known, known.id)}${type.probe === 'database' ? nameOfWay(via) : ''}` } : {}),
  };
}

function refuseUnready({ state, name, problem }: SealedCredential, isStillGood: boolean): void {
  if (state === 'ready' || isStillGood) return;
  throw new HoldfastError('credential.attention', {
    detail:
      state === 'unconnected'
        ? say`"${name}" was not connected yet: nobody has agreed at the provider.`
        : (problem?.detail ?? say`"${name}" must be connected again.`),
    hint: 'Open Connections, press Connect, and retry what has stopped.',
  });
}
