import { setTimeout as pause } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/errors';
import type { Pool } from './pool.ts';
import { createWriterLocks } from './writer-locks.ts';

/** Takes all that wait by now along; who comes later waits for the next. The first is whose work it is, and results are in this order. */
export type Gather<Item> = () => readonly Item[];

export interface TogetherOptions {
  /** Items that differ in it go in batches of their own, by the same writer. */
  batch?: string;
  /** Nobody waits for the item any more once this has ended. */
  signal?: AbortSignal;
  /** It was told to come again, and so were others: they are waited for, a moment. */
  isBack?: boolean;
  /**
   * How long there is no use in trying after such an error, in milliseconds: it is everybody's who waits, and of those who come meanwhile for the first
   * time. Null for an error that is one's own.
   */
  restAfter?: (error: unknown) => number | null;
}

/**
 * One writer at a time for `key` among all processes of this database. What comes while one writes, or waits for its turn, gathers in its process, and goes
 * with the next in the order it came. An error before `gather` is its own; after it, everybody's who was gathered. Throws upstream.limited when other processes
 * leave no room for half a minute.
 */
export type Together = <Item, Result>(
  key: string,
  item: Item,
  work: (gather: Gather<Item>) => Promise<readonly Result[]>,
  options?: TogetherOptions,
) => Promise<Result>;

interface Waiting extends TogetherOptions {
  item: unknown;
  work: (gather: Gather<unknown>) => Promise<readonly unknown[]>;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

interface Rest {
  until: number;
  error: unknown;
}

const largestBatch = 500;
/** Those who were told the same time come one after the other: whoever is first waits until nobody has come for a moment, at most so long. */
const moment = { ms: 250, mostMs: 3_000 } as const;

/** For one process; its locks share one connection, which is taken while one is held. */
export function createTogether(pool: Pool): Together {
  const lines = new Map<string, Waiting[]>();
  const rests = new Map<string, Rest>();
  const locks = createWriterLocks(pool);
  const drain = async (key: string, line: Waiting[]): Promise<void> => {
    while (line.length > 0) {
      if (line[0]?.isBack) await untilQuiet(line);
      await locks
        .hold(key, () => workOff(line, (batch, rest) => setRest(rests, nameOf(key, batch), rest)))
        .catch((error: unknown) => {
          // Before the work: nobody had a turn. After it: who had theirs is told already.
          for (const { reject } of line.splice(0)) reject(error);
        });
    }
    lines.delete(key);
  };
  return (key, item, work, options = {}) =>
    new Promise((resolve, reject) => {
      const rest = rests.get(nameOf(key, options.batch));
      if (rest && !options.isBack && rest.until > performance.now()) return reject(rest.error);
      // One key is used by one kind of work: its items and results are that work's own.
      const waiting = { ...options, item, work, resolve, reject } as unknown as Waiting;
      const line = lines.get(key);
      if (line) return void line.push(waiting);
      const begun = [waiting];
      lines.set(key, begun);
      void drain(key, begun);
    });
}

const nameOf = (key: string, batch = ''): string => `${key}\n${batch}`;

/** One that is over is no use to anybody. */
function setRest(rests: Map<string, Rest>, name: string, rest: Rest | null): void {
  if (rest) rests.set(name, rest);
  else rests.delete(name);
  for (const [each, { until }] of rests) if (until <= performance.now()) rests.delete(each);
}

async function untilQuiet(line: readonly Waiting[]): Promise<void> {
  const until = performance.now() + moment.mostMs;
  for (let known = 0; known !== line.length && line.length < largestBatch && performance.now() < until;) {
    known = line.length;
    await pause(moment.ms);
  }
}

/** By the work of the first one that somebody waits for. */
async function workOff(line: Waiting[], setRestOf: (batch: string | undefined, rest: Rest | null) => void): Promise<void> {
  const first = nextOf(line);
  if (!first) return;
  const batch = [first];
  const gather = (): readonly unknown[] => {
    batch.push(...takeAlong(line, first, largestBatch - batch.length));
    return batch.map(({ item }) => item);
  };
  try {
    const results = await first.work(gather);
    setRestOf(first.batch, null);
    batch.forEach(({ resolve }, index) => resolve(results[index]));
  } catch (error) {
    const restMs = first.restAfter?.(error) ?? null;
    if (restMs !== null) {
      setRestOf(first.batch, { until: performance.now() + restMs, error });
      batch.push(...takeAlong(line, first, Infinity));
    }
    first.reject(error);
    for (const { reject } of batch.slice(1)) reject(first.signal?.aborted ? endedAmid() : error);
  }
}

/** The first one that somebody waits for; the others are told. */
function nextOf(line: Waiting[]): Waiting | null {
  for (let next = line.shift(); next; next = line.shift()) {
    if (!next.signal?.aborted) return next;
    next.reject(next.signal.reason);
  }
  return null;
}

function takeAlong(line: Waiting[], { batch }: Waiting, most: number): Waiting[] {
  const taken = line.filter((each) => each.batch === batch && !each.signal?.aborted).slice(0, most);
  for (const each of taken) line.splice(line.indexOf(each), 1);
  return taken;
}

/** It was ended by a person, or its time was over: what was done by then is not known to the others. */
const endedAmid = (): HoldfastError =>
  new HoldfastError('upstream.timeout', {
    detail: 'The step that did this together with others was ended amid its call.',
    retryAfterMs: 30_000,
  });
