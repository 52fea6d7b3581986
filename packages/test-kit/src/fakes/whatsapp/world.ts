import type { LimitSettings } from './limits.ts';
import type { FakeNumber } from './number.ts';

export interface World {
  numbers: Map<string, FakeNumber>;
  random: () => number;
  seq: number;
  limits: LimitSettings;
  timeScale: number;
  /** Webhooks on their way. */
  underway: Set<Promise<unknown>>;
  isClosed: boolean;
  url: () => string;
}
