import { setTimeout as wait } from 'node:timers/promises';
import { settlePiece, transaction, type PieceSettlement, type PoolClient } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { DeliveryDeps } from './deps.ts';

const pausesMs = [100, 300, 700, 1_500, 2_500];

/**
 * tx2. The answer is known to us alone, so a database that restarts meanwhile gets some seconds. When another process took the run over, the
 * truth about bytes that left is recorded all the same (dispatching or unknown → what the provider said), and then `guard`'s error is thrown.
 */
export async function settle(
  deps: DeliveryDeps,
  settlement: PieceSettlement,
  guard?: (client: PoolClient) => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await transaction(deps.pool, async (client) => {
        await guard?.(client);
        await settlePiece(client, settlement);
      });
      return;
    } catch (error) {
      if (error instanceof HoldfastError && error.code === 'run.superseded') {
        // Only an answer that is certain is worth telling; "planned" would let the new owner's "unknown" be repeated.
        if (settlement.state === 'accepted' || settlement.state === 'rejected') await settlePiece(deps.pool, settlement);
        throw error;
      }
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || error instanceof HoldfastError) throw error;
      deps.log.warn({ key: settlement.key, err: error }, 'What became of a send could not be saved; trying again.');
      await wait(pauseMs);
    }
  }
}
