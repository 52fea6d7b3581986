import { HoldfastError } from '@holdfast/errors';
import type { ConnectionLike } from '@temporalio/client';
import type { RunActions } from './deps.ts';

export interface TemporalAccess { connection: ConnectionLike }
const soon = (): never => { throw new HoldfastError('temporal.unavailable', { detail: 'Runs are being joined to the server right now.' }); };
export async function startRunSide(_given: object): Promise<{ actions: RunActions; isTemporalUp: () => Promise<boolean>; receiveTelegram: () => Promise<void>; stop: () => Promise<void> }> {
  const actions = new Proxy({}, { get: () => soon }) as RunActions;
  return { actions, isTemporalUp: async () => false, receiveTelegram: soon, stop: async () => undefined };
}
