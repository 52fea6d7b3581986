import { notifyLive, saveChannelHealth, type Pool } from '@holdfast/db';
import { toProblem, type HoldfastError } from '@holdfast/errors';
import type { ChannelAccount } from './channel-adapter.ts';
import type { Log } from './receive-deps.ts';

interface HealthDeps {
  pool: Pool;
  log: Log;
}

/** What people were told of a channel last; written again only when it changes. */
export interface ToldHealth {
  problem: string | null;
}

/** Null the first time says "works"; a database that is away is no news about the channel. */
export async function tellHealth(deps: HealthDeps, account: ChannelAccount, told: ToldHealth, error: HoldfastError | null): Promise<void> {
  const text = error?.detail ?? null;
  if (told.problem === text) return;
  await saveChannelHealth(deps.pool, {
    workspaceId: account.workspaceId,
    id: account.id,
    problem: error && { ...toProblem(error) },
    status: null,
  }).then(
    () => {
      told.problem = text;
      notifyLive(deps.pool, account.workspaceId, { kind: 'channel', channel: account.id });
    },
    () => undefined,
  );
}
