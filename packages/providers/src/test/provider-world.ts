import type { Pool } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import type { EgressRequest, EgressResponse } from '@holdfast/node-kit';
import { testDatabase } from '@holdfast/test-kit';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { createProviders, type Providers, type ProvidersOptions } from '../create-providers.ts';

export const workspaceId = 'ws_1';

/** A database, a service and several processes' providers. For tests only. */
export interface ProviderWorld {
  pool: Pool;
  url: string;
  egress: Egress;
  service: HttpService;
  /** The service's key as a provider. */
  key: string;
  /** As another process has it. */
  newProviders: (change?: Partial<ProvidersOptions>) => Providers;
  /** One call with nothing before it; throws what `admit` throws, and an error that names it when it is put off. */
  call: (providers: Providers, request?: Partial<EgressRequest>) => Promise<EgressResponse>;
  setLimits: (limits: { count: number; perMs: number }[]) => Promise<void>;
  row: () => Promise<Record<string, unknown>>;
  close: () => Promise<void>;
}

export async function providerWorld(): Promise<ProviderWorld> {
  const database = await testDatabase();
  const { pool } = database;
  const [egress, service] = [createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } }), await startHttpService()];
  const key = `http:127.0.0.1:${service.port}`;
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'W', 'w'), ('ws_2', 'V', 'v')`, [workspaceId]);
  const opened: Providers[] = [];
  return {
    pool,
    url: database.url,
    egress,
    service,
    key,
    newProviders: (change = {}) => {
      const providers = createProviders({ pool, egress, ...change });
      opened.push(providers);
      return providers;
    },
    call: async (providers, request = {}) => {
      const admitted = await providers.admit({ workspaceId, request: { method: 'GET', url: `${service.url}/orders`, ...request } });
      if (admitted.state === 'answered') return admitted.response;
      if (admitted.state === 'later') throw new Error(`later: ${admitted.code}`);
      return admitted.send();
    },
    setLimits: async (limits) => {
      await pool.query(
        `insert into providers (workspace_id, key, kind, name, limits) values ($1, $2, 'http', $2, $3)
         on conflict (workspace_id, key) do update set limits = excluded.limits, changed_at = clock_timestamp()`,
        [workspaceId, key, JSON.stringify(limits)],
      );
    },
    row: async () => (await pool.query('select * from providers where workspace_id = $1 and key = $2', [workspaceId, key])).rows[0],
    close: async () => {
      for (const providers of opened) await providers.close();
      await service.close();
      await egress.close();
      await database.close();
    },
  };
}
