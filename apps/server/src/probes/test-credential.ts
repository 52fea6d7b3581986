import type { Pool } from '@holdfast/db';
import type { Egress } from '@holdfast/egress';
import { asHoldfastError } from '@holdfast/errors';
import { openCredential, type OpenCredential, type Secrets } from '@holdfast/secrets';

interface ProbeDeps {
  pool: Pool;
  secrets: Secrets;
  egress: Egress;
  baseUrls: { groq: string | undefined; claude: string | undefined };
}

/** One harmless GET with a credential: the list of models, or its base URL. Never throws: the answer is for people. */
export async function testCredential(deps: ProbeDeps, workspaceId: string, id: string): Promise<{ ok: boolean; detail: string }> {
  try {
    const credential = await openCredential(deps, workspaceId, id);
    const target = probeOf(credential, deps.baseUrls);
    if (!target) return { ok: false, detail: 'There is no address to try it on. Give it a base URL, or try it with a step that uses it.' };
    const { baseUrl, url, headers } = target;
    const answer = await deps.egress.request({
      method: 'GET',
      url,
      headers,
      timeoutMs: 10_000,
      resolvedCredential: { ...credential, baseUrl },
    });
    if (answer.status === 401 || answer.status === 403)
      return { ok: false, detail: `${new URL(url).host} did not accept it (${answer.status}).` };
    return { ok: answer.status < 400, detail: `${new URL(url).host} answered ${answer.status} in ${Math.round(answer.durationMs)} ms.` };
  } catch (error) {
    return { ok: false, detail: asHoldfastError(error, 'upstream.unreachable').detail };
  }
}

interface Probe {
  baseUrl: string;
  url: string;
  headers: Record<string, string>;
}

function probeOf(credential: OpenCredential, baseUrls: ProbeDeps['baseUrls']): Probe | null {
  const own = credential.baseUrl?.replace(/\/+$/, '') ?? null;
  if (credential.kind === 'groq') return probe(own ?? baseUrls.groq ?? 'https://api.groq.com', '/openai/v1/models');
  if (credential.kind === 'claude')
    return probe(own ?? baseUrls.claude ?? 'https://api.anthropic.com', '/v1/models', { 'anthropic-version': '2023-06-01' });
  if (own === null) return null;
  return credential.kind === 'openai-compatible' ? probe(own, '/models') : probe(own, '');
}

const probe = (baseUrl: string, path: string, headers: Record<string, string> = {}): Probe => ({
  baseUrl,
  url: `${baseUrl.replace(/\/+$/, '')}${path}`,
  headers,
});
