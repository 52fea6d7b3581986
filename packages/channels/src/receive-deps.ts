import type { Pool, PoolClient } from '@holdfast/db';
import type { ChannelAccount, InboundEvent } from './channel-adapter.ts';

export interface Log {
  info: (facts: object, text: string) => void;
  warn: (facts: object, text: string) => void;
  error: (facts: object, text: string) => void;
}

/** A channel as ingest sees it: without its secret. */
export type ReceivingChannel = Omit<ChannelAccount, 'secret'>;

export interface ReceiveDeps {
  pool: Pool;
  /** Takes the events in and commits, with `alongside` in the same transaction; throws when it can't. Called in the provider's order. */
  onEvents: (
    channel: ReceivingChannel,
    events: InboundEvent[],
    options?: { alongside?: (client: PoolClient) => Promise<void> },
  ) => Promise<unknown>;
  log: Log;
}
