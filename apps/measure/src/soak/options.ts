import { parseArgs } from 'node:util';

export interface SoakOptions {
  seed: number;
  messages: number;
  chats: number;
  /** `kill -9` of each part. */
  killsPerPart: number;
  /** Mean time between two kills, in milliseconds. */
  killEveryMs: number;
}

/** `--quick` is the version of about a minute that belongs to `pnpm test`. */
export function soakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      messages: { type: 'string' },
      kills: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const whole = (text: string | undefined, fallback: number): number => {
    const number = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(number) || number < 0)
      throw new RangeError(`"${text}" is not a whole number. Usage: pnpm soak [--quick] [--seed 7] [--messages 300] [--kills 10]`);
    return number;
  };
  return {
    seed: whole(values.seed, 20_261_123),
    messages: whole(values.messages, values.quick ? 60 : 300),
    chats: values.quick ? 12 : 30,
    killsPerPart: whole(values.kills, values.quick ? 1 : 10),
    killEveryMs: values.quick ? 6_000 : 8_000,
  };
}
