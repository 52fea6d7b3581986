import type { Resolve } from './connect.ts';
import type { Limits } from './limits.ts';
import type { Carry } from './way/carried.ts';

export interface EgressOptions {
  /** HOLDFAST_EGRESS_ALLOW: `host:port` and networks that flows may reach although they are private. */
  allow?: string;
  limits?: Partial<Limits>;
  /** Looks names up; the machine's own resolver when left out. */
  resolve?: Resolve;
  /** Has a call made by an agent inside another network; without it no connection may go that way. */
  carry?: Carry;
  now?: () => number;
}
