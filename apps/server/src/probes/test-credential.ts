import { isDatabaseKind, type Databases } from '@holdfast/databases';
import type { Egress } from '@holdfast/egress';
import { asHoldfastError } from '@holdfast/errors';
import type { JsonValue } from '@holdfast/node-kit';
import type { Credentials, OpenCredential } from '@holdfast/secrets';
import { testSoapUser } from './test-soap-user.ts';

interface ProbeDeps {
  credentials: Credentials;
  egress: Egress;
  databases: Pick<Databases, 'test'>;
  baseUrls: { groq: string | undefined; claude: string | undefined };
}

/** One harmless call with a credential: the list of models, the shop's name, its base URL; with a new access token where it has one. Never throws. */
export async function testCredential(deps: ProbeDeps, workspaceId: string, id: string): Promise<{ ok: boolean; detail: string }> {
  try {
    const credential = await deps.credentials.openAnew(workspaceId, id);
    if (isDatabaseKind(credential.kind)) return { ok: true, detail: await deps.databases.test({ credential }) };
    if (credential.kind === 'soap-username') return await testSoapUser(deps.egress, credential);
    const target = probeOf(credential, deps.baseUrls);
    if (!target) {
      if (credential.renew) return { ok: true, detail: 'An access token was granted. Give it an address to try a call as well.' };
      return { ok: false, detail: 'There is no address to try it on. Give it a base URL, or try it with a step that uses it.' };
    }
    const { baseUrl, readsName, ...request } = target;
    const answer = await deps.egress.request({ ...request, timeoutMs: 10_000, resolvedCredential: { ...credential, baseUrl } });
    const { host } = new URL(request.url, credential.apiUrl ?? baseUrl ?? undefined);
    if (answer.status === 401 || answer.status === 403) return { ok: false, detail: `${host} did not accept it (${answer.status}).` };
    const name = readsName?.(answer.body);
    if (answer.status < 400 && name !== undefined) return { ok: true, detail: `Connected with "${name}".` };
    return { ok: answer.status < 400 && !readsName, detail: `${host} answered ${answer.status} in ${Math.round(answer.durationMs)} ms.` };
  } catch (error) {
    return { ok: false, detail: asHoldfastError(error, 'upstream.unreachable').detail };
  }
}

interface Probe {
  baseUrl: string | null;
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  isIdempotent?: boolean;
  /** Where the answer names what it is connected with; without that name it does not work. */
  readsName?: (body: JsonValue) => string | undefined;
}

function probeOf(credential: OpenCredential, baseUrls: ProbeDeps['baseUrls']): Probe | null {
  const own = credential.baseUrl?.replace(/\/+$/, '') ?? null;
  switch (credential.kind) {
    case 'groq':
      return probe(own ?? baseUrls.groq ?? 'https://api.groq.com', '/openai/v1/models');
    case 'claude':
      return probe(own ?? baseUrls.claude ?? 'https://api.anthropic.com', '/v1/models', { 'anthropic-version': '2023-06-01' });
    case 'openai-compatible':
      return own === null ? null : probe(own, '/models');
    case 'shopify':
      return {
        baseUrl: credential.baseUrl,
        method: 'POST',
        url: 'admin/api/2026-07/graphql.json',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ shop { name } }' }),
        isIdempotent: true,
        readsName: (body) => textAt(body, ['data', 'shop', 'name']),
      };
    case 'quickbooks':
      return {
        baseUrl: credential.baseUrl,
        method: 'GET',
        url: `companyinfo/${credential.provider?.split(':')[1] ?? ''}?minorversion=75`,
        headers: { accept: 'application/json' },
        readsName: (body) => textAt(body, ['CompanyInfo', 'CompanyName']),
      };
    case 'google':
    case 'google-service-account':
      // What it may read is decided sheet by sheet; a token is all that can be tried without naming one.
      return null;
    default:
      return own === null ? null : probe(own, '');
  }
}

const probe = (baseUrl: string, path: string, headers: Record<string, string> = {}): Probe => ({
  baseUrl,
  method: 'GET',
  url: `${baseUrl.replace(/\/+$/, '')}${path}`,
  headers,
});

function textAt(value: JsonValue, path: readonly string[]): string | undefined {
  let at: JsonValue | undefined = value;
  for (const key of path) at = typeof at === 'object' && at !== null && !Array.isArray(at) ? at[key] : undefined;
  return typeof at === 'string' ? at : undefined;
}
