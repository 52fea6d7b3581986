import { createTogether, insertLlmCall, loadSettings } from '@holdfast/db';
import { createLlm, parsePrices } from '@holdfast/llm';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import { findCommonAnswer, type TryDeps } from '@holdfast/runs';
import { createCredentials, findOpenCredential } from '@holdfast/secrets';
import type { RunSideGiven } from './run-side.ts';

/** What trying one step needs; the worker has its own. */
export function tryDepsOf({
  settings,
  pool,
  secrets,
  egress,
  providers,
  databases,
}: Pick<RunSideGiven, 'settings' | 'pool' | 'secrets' | 'egress' | 'providers' | 'databases'>): TryDeps {
  const opening = { pool, secrets };
  const llm = createLlm({
    credentials: { find: (workspaceId, kind, id) => findOpenCredential(opening, workspaceId, kind, id) },
    fetchFor: egress.fetchFor,
    prices: async (workspaceId) => parsePrices((await loadSettings(pool, workspaceId))['prices']),
    record: (call) => insertLlmCall(pool, call),
    guard: (call, ...around) => providers.guard({ ...call, isTrial: true }, ...around),
    baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl },
  });
  return {
    pool,
    catalog,
    runners,
    egress,
    providers,
    databases,
    llm,
    together: createTogether(pool),
    openCredential: createCredentials({ ...opening, egress }).open,
    store: { findCommonAnswer: (workspaceId, question, language) => findCommonAnswer(pool, workspaceId, question, language) },
  };
}
