import { setTimeout as pause } from 'node:timers/promises';
import { HoldfastError } from '@holdfast/errors';
import type { Pool } from './pool.ts';
import { createWriterLocks, noTurn } from './writer-locks.ts';
import { createWriterPace, type WriterPace } from './writer-pace.ts';

/** Takes all that wait by now along; who comes later waits for the next. The first is whose work it is, and results are in this order. */
export type Gather<Item> = () => readonly Item[];

export interface TogetherOptions {
  /** Items that differ in it go in batches of their own, by the same writer. */
  batch?: string;
  /** Nobody waits for the item any more once this has ended. */
  signal?: AbortSignal;
  /** It was told to come again, and so were others: they are waited for, a moment. */
  isBack?: boolean;
  /** Null for an error that is one's own. */
  restAfter?: (error: unknown) => Rest | null;
}

/** There is no use in trying for so long: such an error is everybody's who waits, and of those who come meanwhile for the first time. */
export interface Rest {
  forMs: number;
  /** It came too often: from now on as often as it went well in the minute before. */
  isLimit: boolean;
}

/**
 * One writer at a time for `key` among all processes of this database. What comes while one writes, or waits for its turn, gathers in its process, and goes
 * with the next in the order it came. An error before `gather` is its own; after it, everybody's who was gathered. Throws upstream.limited when other processes
 * leave no room for half a minute, and when its turn has not come within a minute.
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
  /** Its turn has come. */
  taken?: () => void;
}

/** What a batch was told last. */
interface Told {
  until: number;
  error: unknown;
}

const largestBatch = 500;
const patienceMs = 60_000;
/** Those who were told the same time come one after the other: whoever is first waits until nobody has come for a moment, at most so long. */
const moment = { ms: 500, mostMs: 10_000 } as const;

/** For one process; its locks share one connection, which is taken while one is held. */
export function createTogether(pool: Pool, { frozenMs }: { frozenMs?: number } = {}): Together {
  const lines = new Map<string, Waiting[]>();
  const rests = new Map<string, Told>();
  const paces = new Map<string, WriterPace>();
  const locks = createWriterLocks(pool, frozenMs);
  const drain = async (key: string, line: Waiting[]): Promise<void> => {
    const pace = paces.get(key) ?? createWriterPace();
    paces.set(key, pace);
    const tell = (batch: string | undefined, rest: Rest | null, error?: unknown) => {
      if (rest?.isLimit) pace.slowDown();
      setTold(rests, nameOf(key, batch), rest && { until: performance.now() + rest.forMs, error });
    };
    while (line.length > 0) {
      await pause(pace.dueInMs());
      if (line[0]?.isBack) await untilQuiet(line);
      await locks
        .hold(key, () => workOff(line, { tell, pace }))
        .catch((error: unknown) => {
          // Before the work: nobody had a turn. After it: who had theirs is told already.
          for (const { reject } of line.splice(0)) reject(error);
        });
    }
    lines.delete(key);
    for (const [name, each] of paces) if (each.isOver()) paces.delete(name);
  };
  return (key, item, work, options = {}) =>
    new Promise((resolve, reject) => {
      const rest = rests.get(nameOf(key, options.batch));
      if (rest && !options.isBack && rest.until > performance.now()) return reject(rest.error);
      // One key is used by one kind of work: its items and results are that work's own.
      const waiting = { ...options, item, work, resolve, reject } as unknown as Waiting;
      const known = lines.get(key);
      const line = known ?? [];
      line.push(waiting);
      leaveWithoutTurn(line, waiting);
      if (known) return;
      lines.set(key, line);
      void drain(key, line);
    });
}

/** Whoever has not been taken by then is told so, before the time of its step is over: that would be a failure. */
function leaveWithoutTurn(line: Waiting[], waiting: Waiting): void {
  const timer = setTimeout(() => {
    const at = line.indexOf(waiting);
    if (at >= 0) line.splice(at, 1);
    if (at >= 0) waiting.reject(noTurn());
  }, patienceMs).unref();
  waiting.taken = () => clearTimeout(timer);
}

const nameOf = (key: string, batch = ''): string => `${key}\n${batch}`;

/** One that is over is no use to anybody. */
function setTold(rests: Map<string, Told>, name: string, told: Told | null): void {
  if (told) rests.set(name, told);
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

interface Writing {
  tell: (batch: string | undefined, rest: Rest | null, error?: unknown) => void;
  pace: WriterPace;
}

/** By the work of the first one that somebody waits for. */
async function workOff(line: Waiting[], { tell, pace }: Writing): Promise<void> {
  const first = nextOf(line);
  if (!first) return;
  pace.begin();
  const batch = [first];
  const gather = (): readonly unknown[] => {
    batch.push(...takeAlong(line, first, largestBatch - batch.length));
    return batch.map(({ item }) => item);
  };
  try {
    const results = await first.work(gather);
    tell(first.batch, null);
    batch.forEach(({ resolve }, index) => resolve(results[index]));
  } catch (error) {
    const rest = first.restAfter?.(error) ?? null;
    if (rest) {
      tell(first.batch, rest, error);
      batch.push(...takeAlong(line, first, Infinity));
    }
    first.reject(error);
    for (const { reject } of batch.slice(1)) reject(first.signal?.aborted ? endedAmid() : error);
  }
}

/** The first one that somebody waits for; the others are told. */
function nextOf(line: Waiting[]): Waiting | null {
  for (let next = line.shift(); next; next = line.shift()) {
    next.taken?.();
    if (!next.signal?.aborted) return next;
    next.reject(next.signal.reason);
  }
  return null;
}

function takeAlong(line: Waiting[], { batch }: Waiting, most: number): Waiting[] {
  const taken = line.filter((each) => each.batch === batch && !each.signal?.aborted).slice(0, most);
  for (const each of taken) {
    line.splice(line.indexOf(each), 1);
    each.taken?.();
  }
  return taken;
}

/** It was ended by a person, or its time was over: what was done by then is not known to the others. */
const endedAmid = (): HoldfastError =>
  new HoldfastError('upstream.timeout', {
    detail: 'The step that did this together with others was ended amid its call.',
    retryAfterMs: 30_000,
  });
