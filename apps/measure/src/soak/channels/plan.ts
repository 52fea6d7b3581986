import { shuffled } from '@holdfast/test-kit/fakes';
import { nameOf, type Letter } from './line.ts';

export interface Volume {
  customers: number;
  /** Of each customer. */
  messages: number;
}

/** One by one through all customers, as people write at the same time. `from` keeps the parts' customers apart. */
export const lettersOf = (mark: string, { customers, messages }: Volume, from: number): Letter[] =>
  Array.from({ length: customers * messages }, (_, place) => {
    const customer = from + (place % customers);
    return { customer, name: nameOf(mark, customer, Math.floor(place / customers)) };
  });

export interface Delivery {
  letter: Letter;
  /** After the beginning. */
  atMs: number;
}

export interface Roads {
  overMs: number;
  /** A delivery may come so much later than it was written; then others overtake it. */
  lateMs: number;
  /** Share that is delivered once more. */
  copies: number;
  random: () => number;
}

/** When each is delivered: late and overtaken by others, some of them twice. */
export function planDeliveries(letters: readonly Letter[], { overMs, lateMs, copies, random }: Roads): Delivery[] {
  const first = letters.map((letter, place) => ({ letter, atMs: (overMs * place) / letters.length + random() * lateMs }));
  const again = shuffled(first, random)
    .slice(0, Math.round(letters.length * copies))
    .map(({ letter, atMs }) => ({ letter, atMs: Math.max(0, atMs + (random() - 0.3) * lateMs) }));
  return [...first, ...again].toSorted((a, b) => a.atMs - b.atMs);
}

/** Each customer's messages within a moment, in any order; the next customer begins `everyMs` later. */
export function planBursts(
  letters: readonly Letter[],
  { everyMs, withinMs, copies, random }: { everyMs: number; withinMs: number; copies: number; random: () => number },
): Delivery[] {
  const customers = [...new Set(letters.map(({ customer }) => customer))];
  return letters
    .flatMap((letter) => {
      const one = () => ({ letter, atMs: customers.indexOf(letter.customer) * everyMs + random() * withinMs });
      return random() < copies ? [one(), one()] : [one()];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
}
