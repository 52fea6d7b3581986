import { credentialKinds, credentialType, type ProbeCall } from '@holdfast/contracts';
import type { Databases } from '@holdfast/databases';
import type { Egress } from '@holdfast/egress';
import { asHoldfastError, HoldfastError, say, type Words } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';
import type { Providers } from '@holdfast/providers';
import type { Credentials, OpenCredential } from '@holdfast/secrets';
import { testSoapUser } from './test-soap-user.ts';

export interface ProbeDeps {
  credentials: Credentials;
  egress: Egress;
  databases: Pick<Databases, 'test'>;
  /** Pause, breaker and limits hold for what we try by ourselves, too. */
  providers: Pick<Providers, 'guard'>;
  baseUrls: { groq: string | undefined; claude: string | undefined };
}

/** `later`: it could not be tried now, which says nothing about it · `nothing`: there is nothing to try it on. */
export interface Tried {
  state: 'ok' | 'failed' | 'later' | 'nothing';
  detail: Words;
}

const timeoutMs = 10_000;

/** One harmless call with a credential, with a new access token where it has one: somebody pressed Test. Never throws. */
export const testCredential = (deps: ProbeDeps, workspaceId: string, id: string): Promise<Tried> =>
  trying(async () => tryOnce(deps, workspaceId, await deps.credentials.openAnew(workspaceId, id), false));

/** The same by ourselves: it takes its turn among the provider's other calls, and waits for nobody. Never throws. */
export const probeCredential = (deps: ProbeDeps, workspaceId: string, id: string): Promise<Tried> =>
  trying(async () => {
    const open = await deps.credentials.open(workspaceId, id);
    // A new one each time only where a token is all there is: elsewhere a refresh token may be good once, and its answer could get lost.
    const isTokenAll = kindOf(open)?.probe === 'token';
    return tryOnce(deps, workspaceId, isTokenAll ? await deps.credentials.openAnew(workspaceId, id) : open, true);
  });

async function trying(attempt: () => Promise<Tried>): Promise<Tried> {
  try {
    return await attempt();
  } catch (error) {
    const known = asHoldfastError(error, 'upstream.unreachable');
    return { state: known instanceof NotNow || known.code === 'database.unavailable' ? 'later' : 'failed', detail: known.words.detail };
  }
}

/** The provider is paused, down or full: nothing was tried. */
class NotNow extends HoldfastError {}

const noAddress: Tried = {
  state: 'nothing',
  detail: 'There is no address to try it on. Give it a base URL, or try it with a step that uses it.',
};

async function tryOnce(deps: ProbeDeps, workspaceId: string, credential: OpenCredential, isGuarded: boolean): Promise<Tried> {
  const probe = probeOf(credential, deps.baseUrls);
  if (probe === 'database') return { state: 'ok', detail: await deps.databases.test({ credential }) };
  if (probe === 'soap') {
    if (credential.baseUrl === null) return noAddress;
    const { ok, detail } = await testSoapUser(deps.egress, credential);
    return { state: ok ? 'ok' : 'failed', detail };
  }
  if (probe === 'nothing') return { state: 'nothing', detail: 'It is compared with what others send, and never sent anywhere.' };
  const wayProbe = probe === null && !isGuarded ? wayProbeOf(credential) : null;
  if (wayProbe) return wayVerdict(await call(deps, credential, wayProbe), wayProbe);
  if (probe === null)
    return credential.renew ? { state: 'ok', detail: 'It has an access token. Give it an address to try a call as well.' } : noAddress;
  const { host } = new URL(probe.url, credential.apiUrl ?? credential.baseUrl ?? undefined);
  const ask = () => call(deps, credential, probe);
  const answer = await (isGuarded ? inTurn(deps, { workspaceId, key: credential.provider ?? `http:${host}` }, ask) : ask());
  return verdict(answer, host, probe);
}

/** Of a connection with a way of its own, its first host can be tried: whatever that answers, the way is open. */
function wayProbeOf({ via, allowedHosts }: OpenCredential): ProbeCall | null {
  const host = allowedHosts.find((each) => !each.startsWith('*'));
  return via && host !== undefined ? { method: 'GET', url: `https://${host}/`, headers: {} } : null;
}

const wayVerdict = ({ status }: Answer, { url }: ProbeCall): Tried => ({
  state: status === 401 || status === 403 ? 'failed' : 'ok',
  detail: say`${new URL(url).host} answered ${status}: the way there is open.`,
});

type Answer = Awaited<ReturnType<Egress['request']>>;

function verdict(answer: Answer, host: string, { nameAt, provenBy }: ProbeCall): Tried {
  const isProven = provenBy !== undefined && JSON.stringify(answer.body).includes(provenBy);
  if (isProven) return { state: 'ok', detail: say`${host} knows it.` };
  if (answer.status === 401 || answer.status === 403)
    return { state: 'failed', detail: say`${host} did not accept it (${answer.status}).` };
  const name = nameAt && textAt(answer.body, nameAt);
  if (answer.status < 400 && name !== undefined) return { state: 'ok', detail: say`Connected with "${name}".` };
  const isOk = answer.status < 400 && !nameAt;
  return { state: isOk ? 'ok' : 'failed', detail: say`${host} answered ${answer.status} in ${Math.round(answer.durationMs)} ms.` };
}

async function inTurn<T>({ providers }: ProbeDeps, provider: { workspaceId: string; key: string }, ask: () => Promise<T>): Promise<T> {
  let isAsked = false;
  try {
    return await providers.guard({ ...provider, timeoutMs }, () => {
      isAsked = true;
      return ask();
    });
  } catch (error) {
    const known = asHoldfastError(error, 'upstream.unreachable');
    if (isAsked) throw known;
    throw new NotNow(known.code, { detail: known.words.detail });
  }
}

function call({ egress, baseUrls }: ProbeDeps, credential: OpenCredential, probe: ProbeCall): Promise<Answer> {
  const { nameAt: _, provenBy: __, body, ...request } = probe;
  return egress.request({
    ...request,
    headers: { ...request.headers },
    ...(body === undefined ? {} : { body, isIdempotent: true }),
    timeoutMs,
    resolvedCredential: { ...credential, baseUrl: baseUrlOf(credential, baseUrls) ?? originOf(request.url) },
  });
}

/** Null where an access token is all that can be tried, or where nobody knows an address. */
function probeOf(credential: OpenCredential, baseUrls: ProbeDeps['baseUrls']): ProbeCall | 'database' | 'soap' | 'nothing' | null {
  const probe = kindOf(credential)?.probe ?? 'nothing';
  if (probe === 'token') return null;
  if (typeof probe === 'string') return probe;
  const baseUrl = baseUrlOf(credential, baseUrls)?.replace(/\/+$/, '') ?? null;
  return probe({ baseUrl, ...(credential.provider === undefined ? {} : { provider: credential.provider }) });
}

const kindOf = ({ kind }: OpenCredential) => {
  const known = credentialKinds.find((each) => each === kind);
  return known && credentialType(known);
};

const baseUrlOf = ({ kind, baseUrl }: OpenCredential, { groq, claude }: ProbeDeps['baseUrls']): string | null =>
  baseUrl ?? (kind === 'groq' ? groq : kind === 'claude' ? claude : undefined) ?? null;

/** A credential of a model provider goes to that provider's own host. */
const originOf = (url: string): string | null => URL.parse(url)?.origin ?? null;

function textAt(value: JsonValue, path: readonly string[]): string | undefined {
  let at: JsonValue | undefined = value;
  for (const key of path) at = typeof at === 'object' && at !== null && !Array.isArray(at) ? at[key] : undefined;
  return typeof at === 'string' ? at : undefined;
}
