import type { Pool } from '@holdfast/db';
import type { WayOut } from './admission.ts';
import type { Breaker } from './breaker.ts';
import type { CallCounter } from './call-counts.ts';
import type { Limiter, Slot } from './limiter.ts';
import type { Points } from './points.ts';
import type { Provider } from './provider-of.ts';
import type { Standing, Standings } from './standings.ts';

/** What the pieces of this package share within a process. */
export interface Parts {
  pool: Pool;
  egress: WayOut;
  standings: Standings;
  counter: CallCounter;
  breaker: Breaker;
  limiter: Limiter;
  points: Points;
  countedWithinMs: number;
  /** How often each provider said 429 since it last answered. */
  limitedInRow: Map<string, number>;
}

/** A call that may go. */
export interface Going {
  provider: Provider;
  standing: Standing;
  slot: Slot | null;
  isProbe: boolean;
}
