import { parseArgs } from 'node:util';
import { channelOptions, type ChannelSoakOptions } from './channels/channel-options.ts';
import { ordersOptions, type OrdersSoakOptions } from './orders/orders-options.ts';

export interface SoakOptions {
  seed: number;
  messages: number;
  chats: number;
  /** `kill -9` of each part. */
  killsPerPart: number;
  /** Mean time between two kills, in milliseconds. */
  killEveryMs: number;
}

export interface ExpressSoakOptions {
  seed: number;
  runs: number;
  /** `kill -9` of the process that executes. */
  appKills: number;
  /** Half of them `kill -9`, half in good order. */
  postgresRestarts: number;
  temporalAwayMs: number;
  frozenMs: number;
  /** Mean time between two hits, in milliseconds. */
  hitEveryMs: number;
}

export interface Soaks {
  telegram: SoakOptions | null;
  express: ExpressSoakOptions | null;
  channels: ChannelSoakOptions | null;
  orders: OrdersSoakOptions | null;
}

const usage =
  'Usage: pnpm soak [telegram | express | channels | orders] [--quick] [--seed 7] [--messages 300] [--runs 3000] [--orders 60] [--kills 10]';

/** All soaks unless one is named. `--quick` is the version of about a minute each that belongs to `pnpm test`. */
export function soakOptions(args: string[]): Soaks {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      messages: { type: 'string' },
      runs: { type: 'string' },
      orders: { type: 'string' },
      kills: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const whole = (text: string | undefined, fallback: number): number => {
    const number = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(number) || number < 0) throw new RangeError(`"${text}" is not a whole number. ${usage}`);
    return number;
  };
  const [only] = positionals;
  if (only !== undefined && !['telegram', 'express', 'channels', 'orders'].includes(only))
    throw new RangeError(`There is no soak "${only}". ${usage}`);
  const { quick } = values;
  const seed = whole(values.seed, 20_261_123);
  const chosenOrders = (given: OrdersSoakOptions): OrdersSoakOptions => ({ ...given, orders: whole(values.orders, given.orders) });
  return {
    telegram:
      (only ?? 'telegram') !== 'telegram'
        ? null
        : {
            seed,
            messages: whole(values.messages, quick ? 60 : 300),
            chats: quick ? 12 : 30,
            killsPerPart: whole(values.kills, quick ? 1 : 10),
            killEveryMs: quick ? 6_000 : 8_000,
          },
    express:
      (only ?? 'express') !== 'express'
        ? null
        : {
            seed,
            runs: whole(values.runs, quick ? 150 : 3_000),
            appKills: whole(values.kills, quick ? 3 : 50),
            postgresRestarts: quick ? 1 : 10,
            temporalAwayMs: quick ? 6_000 : 120_000,
            frozenMs: quick ? 7_000 : 90_000,
            hitEveryMs: quick ? 2_000 : 4_000,
          },
    channels: (only ?? 'channels') !== 'channels' ? null : channelOptions(seed, quick),
    orders: (only ?? 'orders') !== 'orders' ? null : chosenOrders(ordersOptions(seed, quick)),
  };
}
