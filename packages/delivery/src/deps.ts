import type { Adapters } from '@holdfast/channels';
import type { Pool } from '@holdfast/db';
import type { HoldfastError } from '@holdfast/errors';

export interface Log {
  info: (facts: object, text: string) => void;
  warn: (facts: object, text: string) => void;
  error: (facts: object, text: string) => void;
}

/** One call to the provider of a channel. */
export interface ChannelCall {
  workspaceId: string;
  channelId: string;
  channelName: string;
  durationMs: number;
  /** Null: it was taken. */
  error: HoldfastError | null;
}

export interface DeliveryDeps {
  pool: Pool;
  adapters: Adapters;
  /** Opens a channel's token (packages/secrets). */
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
  /** This process's id in `leases`: a send of a dead process becomes unknown. */
  process: string;
  log: Log;
  /** Told what each call to a channel's provider came to, so that people see how it does. Never at the cost of the send. */
  onCalled?: (call: ChannelCall) => void;
  /** How long a send may wait for its turn in this process before it is put off; 2 s when left out. */
  maxWaitMs?: number;
  /** Longer than this between the decision and the first byte somebody may have taken over, so nothing is sent; 2 s when left out. Tests are more patient. */
  maxDispatchMs?: number;
  /** Tests stop a process here. */
  crashPoint?: (point: 'dispatched' | 'answered' | 'settled') => void | Promise<void>;
}
