import type { Resolve } from './connect.ts';
import type { Limits } from './limits.ts';

export interface EgressOptions {
  /** HOLDFAST_EGRESS_ALLOW: `host:port` and networks that flows may reach although they are private. */
  allow?: string;
  limits?: Partial<Limits>;
  /** Looks names up; the machine's own resolver when left out. */
  resolve?: Resolve;
  now?: () => number;
}
