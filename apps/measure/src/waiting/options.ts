import { parseArgs } from 'node:util';

export interface WaitingOptions {
  /** Conversations that wait for an answer. */
  people: number;
  /** How many of them write again; as many more for each way in which a ring can be lost. */
  messages: number;
  /** Runs that wait for the clock alone, beside them. */
  timers: number;
}

export function waitingOptions(args: string[]): WaitingOptions {
  const { values } = parseArgs({
    args,
    options: { people: { type: 'string' }, messages: { type: 'string' }, timers: { type: 'string' } },
  });
  const whole = (text: string | undefined, fallback: number): number => {
    const number = text === undefined ? fallback : Number(text);
    if (!Number.isInteger(number) || number < 1)
      throw new RangeError(`"${text}" is not a whole number above 0. Usage: pnpm waiting [--people 10000] [--messages 100] [--timers 200]`);
    return number;
  };
  const people = whole(values.people, 10_000);
  return { people, messages: Math.min(whole(values.messages, 100), Math.floor(people / 4)), timers: whole(values.timers, 200) };
}
