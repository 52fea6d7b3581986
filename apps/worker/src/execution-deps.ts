import { createAdapters } from '@holdfast/channels';
import { createDatabases } from '@holdfast/databases';
import { createTogether, insertLlmCall, loadSettings, type Pool } from '@holdfast/db';
import { createDelivery } from '@holdfast/delivery';
import type { Egress } from '@holdfast/egress';
import { createLlm, parsePrices } from '@holdfast/llm';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import { createProviders } from '@holdfast/providers';
import { findCommonAnswer, type Bell, type ExecutionDeps, type Lease, type Log } from '@holdfast/runs';
import { createCredentials, findOpenCredential, type Secrets } from '@holdfast/secrets';
import type { WorkerSettings } from './worker-settings.ts';

interface Given {
  pool: Pool;
  egress: Egress;
  secrets: Secrets;
  settings: WorkerSettings;
  lease: Lease;
  bell: Bell;
  log: Log;
}

/** Everything that runs reach in this process, made once. Also what "Try this step" uses in the server. */
export function createExecutionDeps({ pool, egress, secrets, settings, lease, bell, log }: Given): ExecutionDeps {
  const providers = createProviders({ pool, egress });
  const adapters = createAdapters({
    egress,
    guard: providers.guard,
    apiUrls: { telegram: settings.telegramApiUrl, whatsapp: settings.whatsappApiUrl, twilio: settings.twilioApiUrl },
  });
  const delivery = createDelivery({
    pool,
    adapters,
    openSecret: (sealed) => secrets.open(sealed),
    process: lease.process,
    log,
    gate: providers.sends,
  });
  const llm = createLlm({
    credentials: { find: (workspaceId, provider, id) => findOpenCredential({ pool, secrets }, workspaceId, provider, id) },
    fetchFor: egress.fetchFor,
    prices: async (workspaceId) => parsePrices((await loadSettings(pool, workspaceId))['prices']),
    record: (call) => insertLlmCall(pool, call),
    guard: providers.guard,
    baseUrls: { groq: settings.groqApiUrl, claude: settings.anthropicApiUrl },
  });
  const credentials = createCredentials({ pool, secrets, egress });
  return {
    pool,
    catalog,
    runners,
    egress,
    providers,
    databases: createDatabases(egress),
    delivery,
    llm,
    bell,
    log,
    together: createTogether(pool),
    openCredential: credentials.open,
    lookAtCredential: credentials.look,
    store: { findCommonAnswer: (workspaceId, question, language) => findCommonAnswer(pool, workspaceId, question, language) },
    isAlive: lease.isAlive,
    forcedLane: settings.forcedLane,
  };
}
