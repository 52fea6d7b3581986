import { setTimeout as pause } from 'node:timers/promises';
import type { TokenGrant } from '@holdfast/contracts';
import {
  insertAlert,
  loadSealedCredential,
  lockSealedCredential,
  markCredential,
  newId,
  saveTokens,
  transaction,
  type PoolClient,
  type SealedCredential,
} from '@holdfast/db';
import { HoldfastError, say, toProblem } from '@holdfast/errors';
import { askForTokens, type TokenAnswer } from './ask-for-tokens.ts';
import type { CredentialsDeps } from './credentials.ts';
import { openSecret, openWay } from './open-credential.ts';
import { parseServiceAccountKey, signStatement } from './service-account.ts';
import { openTokens, sealTokens, type Tokens } from './tokens.ts';

type Deps = Required<CredentialsDeps>;
/** Tokens that were got and could not be saved yet, by credential. They are not used before they are saved. */
export type Unsaved = Map<string, { version: number; tokens: Tokens }>;

export interface Renewal {
  known: SealedCredential;
  grant: TokenGrant;
  unsaved: Unsaved;
  /** Also when it needs a person: somebody presses Test. */
  isForced: boolean;
}

/**
 * Gets new tokens while the credential's row is locked, and commits them before anybody uses them. Null: they were changed by somebody else since
 * `known` was read. Throws credential.attention when a person must act, who is then told, and upstream.* when the provider could not be asked.
 */
export async function renewTokens(deps: Deps, renewal: Renewal): Promise<Tokens | null> {
  const { known, unsaved } = renewal;
  try {
    const settled = await transaction(deps.pool, (client) => renewLocked(deps, client, renewal));
    unsaved.delete(known.id);
    if (settled instanceof HoldfastError) throw settled;
    return settled;
  } catch (error) {
    const held = unsaved.get(known.id);
    if (!held || error instanceof HoldfastError) throw error;
    return saveLater(deps, renewal, held);
  }
}

/** An error that is answered, not thrown, is one that its transaction commits. */
async function renewLocked(deps: Deps, client: PoolClient, renewal: Renewal): Promise<Tokens | HoldfastError | null> {
  const { known, grant, unsaved, isForced } = renewal;
  const locked = await lockSealedCredential(client, known);
  if (!locked || locked.tokensVersion !== known.tokensVersion) return null;
  if (locked.state !== known.state && !isForced) return null;
  const held = unsaved.get(known.id);
  if (!held || held.version !== locked.tokensVersion) {
    const answer = await ask(deps, locked, grant);
    if (answer.state === 'refused') return giveToPerson(client, locked, grant, answer.error);
    unsaved.set(known.id, { version: locked.tokensVersion, tokens: answer.tokens });
  }
  const { tokens } = unsaved.get(known.id) ?? {};
  if (!tokens) return null;
  await save(deps, client, locked, tokens);
  return tokens;
}

function ask(deps: Deps, locked: SealedCredential, grant: TokenGrant): Promise<TokenAnswer> {
  const secret = openSecret(deps.secrets, locked);
  const refresh = openTokens(deps.secrets, locked)?.refresh ?? null;
  return askForTokens(deps, {
    grant,
    clientSecret: secret['clientSecret'] ?? null,
    baseUrl: locked.baseUrl,
    via: openWay(deps.secrets, locked),
    refresh,
    parameters: parametersOf(grant, { key: secret['key'], refresh, name: locked.name, now: deps.clock() }),
  });
}

function parametersOf(
  grant: TokenGrant,
  { key, refresh, name, now }: { key: string | undefined; refresh: string | null; name: string; now: number },
): Record<string, string> {
  switch (grant.way) {
    case 'client':
      return { grant_type: 'client_credentials', ...(grant.scopes === '' ? {} : { scope: grant.scopes }) };
    case 'statement':
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signStatement(parseServiceAccountKey(key ?? ''), { ...grant, now }),
      };
    case 'code':
      if (refresh !== null) return { grant_type: 'refresh_token', refresh_token: refresh };
      throw new HoldfastError('credential.attention', {
        detail: say`"${name}" is not connected, or its provider gave us nothing to stay connected with.`,
        hint: 'Open Connections and press Connect.',
      });
  }
}

const save = (deps: Deps, db: Parameters<typeof saveTokens>[0], known: SealedCredential, tokens: Tokens): Promise<boolean> => {
  const { secret, keyId } = sealTokens(deps.secrets, tokens);
  return saveTokens(db, { workspaceId: known.workspaceId, id: known.id, version: known.tokensVersion, tokens: secret, keyId, account: {} });
};

/** PostgreSQL did not say whether it has them. The old refresh token may be used up, so these are not given up lightly. */
async function saveLater(deps: Deps, { known, unsaved }: Renewal, { tokens }: { tokens: Tokens }): Promise<Tokens> {
  for (let tries = 1; ; tries += 1) {
    try {
      const isSaved = await save(deps, deps.pool, known, tokens);
      const stored = isSaved ? tokens : await storedTokens(deps, known);
      unsaved.delete(known.id);
      if (stored?.access === tokens.access) return tokens;
      throw new HoldfastError('upstream.limited', {
        detail: say`The access of "${known.name}" was changed while it was renewed.`,
        retryAfterMs: 1_000,
      });
    } catch (error) {
      if (error instanceof HoldfastError) throw error;
      // Kept in memory: the next call of this process saves them first.
      if (tries === 5)
        throw new HoldfastError('database.unavailable', {
          detail: 'A new access token could not be saved, so it is not used.',
          cause: error,
        });
      await pause(200 * tries);
    }
  }
}

const storedTokens = async (deps: Deps, known: SealedCredential): Promise<Tokens | null> => {
  const now = await loadSealedCredential(deps.pool, known);
  return now && openTokens(deps.secrets, now);
};

const reasons: Readonly<Record<string, string>> = {
  invalid_grant:
    'it no longer accepts what we stayed connected with. Access was withdrawn, has run out, or its answer to our last renewal got lost',
  invalid_client: 'it does not know the client id, or its secret is another one',
  unauthorized_client: 'this application may not ask for access in this way',
  access_denied: 'access was refused',
  invalid_scope: 'it does not grant the permissions that were asked for',
};

/** Answers what whoever waits is told; who is responsible gets an alert. */
async function giveToPerson(client: PoolClient, known: SealedCredential, grant: TokenGrant, error: string): Promise<HoldfastError> {
  const { workspaceId, id, name } = known;
  const detail = say`${new URL(grant.tokenUrl).host} gives no access for "${name}" (${error}): ${reasons[error] ?? 'it refused'}.`;
  const hint =
    grant.way === 'code'
      ? 'Open Connections, press Connect, and retry what has stopped.'
      : 'Open Connections, enter its secret again, and retry what has stopped.';
  const needed = new HoldfastError('credential.attention', { detail, hint });
  if (known.state !== 'attention') {
    await markCredential(client, { workspaceId, id, state: 'attention', problem: toProblem(needed) });
    await insertAlert(client, {
      id: newId('alert'),
      workspaceId,
      event: 'credential.broken',
      subject: id,
      title: `"${name}" must be connected again`,
      detail: `${needed.detail} ${hint}`,
      link: '/connections',
    });
  }
  return needed;
}
