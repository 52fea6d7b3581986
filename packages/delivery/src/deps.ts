import type { Adapters } from '@holdfast/channels';
import type { Pool } from '@holdfast/db';
import type { SendGate } from '@holdfast/providers';

export interface Log {
  info: (facts: object, text: string) => void;
  warn: (facts: object, text: string) => void;
  error: (facts: object, text: string) => void;
}

export interface DeliveryDeps {
  pool: Pool;
  adapters: Adapters;
  /** Opens a channel's token (packages/secrets). */
  openSecret: (sealed: { secret: Buffer; keyId: string }) => string;
  /** This process's id in `leases`: a send of a dead process becomes unknown. */
  process: string;
  log: Log;
  /** The breaker of each channel's provider, which learns from what its sends come to; without it every message goes at once. */
  gate?: SendGate;
  /** How long a send may wait for its turn in this process before it is put off; 2 s when left out. */
  maxWaitMs?: number;
  /** Longer than this between the decision and the first byte somebody may have taken over, so nothing is sent; 2 s when left out. Tests are more patient. */
  maxDispatchMs?: number;
  /** Tests stop a process here. */
  crashPoint?: (point: 'dispatched' | 'answered' | 'settled') => void | Promise<void>;
}
