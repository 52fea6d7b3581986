import type { ChildExit } from '@holdfast/stack';
import { expect, test, vi } from 'vitest';
import { supervise, type Running } from './supervise.ts';

/** A part whose death the test decides. */
function makePart(): { running: Running; die(): void; stopped: boolean } {
  const exited = Promise.withResolvers<ChildExit>();
  const part = {
    die: () => exited.resolve({ code: null, signal: 'SIGKILL' as const }),
    stopped: false,
    running: {
      pid: 1,
      exited: exited.promise,
      stop: async () => {
        part.stopped = true;
        exited.resolve({ code: 0, signal: null });
      },
    },
  };
  return part;
}

test('what dies comes back, and the reason is told', async () => {
  const parts = [makePart(), makePart()];
  const told: string[] = [];
  let started = 0;
  const supervised = await supervise({
    start: async () => parts[started++]?.running ?? makePart().running,
    onUp: () => told.push('up'),
    onDown: (reason) => told.push(reason),
    firstDelayMs: 1,
  });
  parts[0]?.die();
  await vi.waitUntil(() => told.length === 3);
  expect(told).toEqual(['up', 'killed by SIGKILL', 'up']);
  await supervised.stop();
  expect(parts[1]?.stopped).toBe(true);
});

test('a start that fails is tried again with growing delays', async () => {
  const delays: number[] = [];
  const first = makePart();
  let attempts = 0;
  const start = async (): Promise<Running> => {
    attempts += 1;
    if (attempts === 1) return first.running;
    if (attempts < 5) throw new Error('no room');
    return makePart().running;
  };
  const supervised = await supervise({
    start,
    onUp: () => undefined,
    onDown: (_, delayMs) => delays.push(delayMs),
    firstDelayMs: 1,
    maxDelayMs: 4,
  });
  first.die();
  await vi.waitUntil(() => attempts === 5);
  expect(delays).toEqual([1, 2, 4, 4]);
  await supervised.stop();
});

test('the first start’s failure is the caller’s to tell', async () => {
  const start = async (): Promise<Running> => {
    throw new Error('the port is taken');
  };
  await expect(supervise({ start, onUp: () => undefined, onDown: () => undefined })).rejects.toThrow('the port is taken');
});

test('stopping while it waits to start again starts nothing more', async () => {
  const first = makePart();
  let starts = 0;
  const down = Promise.withResolvers<void>();
  const supervised = await supervise({
    start: async () => (starts++, first.running),
    onUp: () => undefined,
    onDown: () => down.resolve(),
    firstDelayMs: 60_000,
  });
  first.die();
  await down.promise;
  await supervised.stop();
  expect(starts).toBe(1);
});
