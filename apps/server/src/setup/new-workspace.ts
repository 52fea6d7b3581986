import { findFirstWorkspace, lockSetup, transaction, type PoolClient } from '@holdfast/db';
import { createWorkspace } from '@holdfast/flows';
import { templates } from '@holdfast/templates';
import type { ServerDeps } from '../deps.ts';

type Deps = Pick<ServerDeps, 'catalog' | 'demoUrl'>;

/** A workspace with the simulator, the demo's variables and the sample bot, live. Answers its id. */
export async function insertNewWorkspace(client: PoolClient, { catalog, demoUrl }: Deps, name: string): Promise<string> {
  const samples = templates.filter((template) => template.id === 'order-status');
  const { id } = await createWorkspace(client, { name, samples, demoUrl, catalog });
  return id;
}

/** The first workspace exists from the first start on, so that the bot answers and the CLI can make keys before anybody signed up. */
export async function ensureWorkspace(deps: Pick<ServerDeps, 'pool' | 'catalog' | 'demoUrl'>): Promise<string> {
  const existing = await findFirstWorkspace(deps.pool);
  if (existing) return existing.id;
  return await transaction(deps.pool, async (client) => {
    await lockSetup(client);
    return (await findFirstWorkspace(client))?.id ?? (await insertNewWorkspace(client, deps, 'My workspace'));
  });
}
