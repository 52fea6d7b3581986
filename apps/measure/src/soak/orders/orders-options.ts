export interface OrdersSoakOptions {
  seed: number;
  orders: number;
  /** Which part of all calls to providers goes wrong. */
  faultShare: number;
  /** The providers' limits, as a part of the real ones. */
  limitShare: number;
  /** `kill -9` of the process that executes. */
  appKills: number;
  /** One provider is away for so long, in milliseconds; a minute stands for ten. */
  awayMs: number;
  /** Between two orders, in milliseconds. */
  everyMs: number;
}

export const ordersOptions = (seed: number, quick: boolean): OrdersSoakOptions =>
  quick
    ? { seed, orders: 5, faultShare: 0.12, limitShare: 1, appKills: 1, awayMs: 3_000, everyMs: 500 }
    : { seed, orders: 60, faultShare: 0.3, limitShare: 0.1, appKills: 8, awayMs: 60_000, everyMs: 1_000 };
