import type { MailTrouble } from '@holdfast/test-kit/mail';

export interface OrdersSoakOptions {
  seed: number;
  orders: number;
  /** Which part of all calls to providers goes wrong. */
  faultShare: number;
  /** The same of all mails. Who is put off comes again after a minute, which nothing compresses. */
  mailShare: number;
  /** What befalls the first mails. */
  mailTroubles: readonly MailTrouble[];
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
    ? {
        seed,
        orders: 5,
        faultShare: 0.12,
        mailShare: 0,
        mailTroubles: ['cut-before', 'cut-after'],
        limitShare: 1,
        appKills: 1,
        awayMs: 3_000,
        everyMs: 500,
      }
    : { seed, orders: 60, faultShare: 0.3, mailShare: 0.3, mailTroubles: [], limitShare: 0.1, appKills: 8, awayMs: 60_000, everyMs: 1_000 };
