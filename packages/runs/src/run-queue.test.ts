import type { LoadedRun } from '@holdfast/db';
import { expect, test } from 'vitest';
import { createPlaces, type Places } from './places.ts';
import { createRunQueue } from './run-queue.ts';

const warnings: string[] = [];
const log = { info: () => undefined, warn: (_facts: object, text: string) => void warnings.push(text), error: () => undefined };

/** A queue in memory in place of the table. */
function queueOf(waiting: string[], places: Places) {
  const asked: number[] = [];
  const begun: string[] = [];
  const queue = createRunQueue({
    places,
    log,
    claim: async (limit) => {
      asked.push(limit);
      return waiting.splice(0, limit).map((id) => ({ id }) as LoadedRun); // as: nobody here reads more of it
    },
    begin: (run) => {
      places.take(run.id);
      begun.push(run.id);
    },
  });
  return { queue, asked, begun };
}

test('what waits is begun in order as far as there is room, and the rest when a place is left', async () => {
  const places = createPlaces(4);
  const { queue, asked, begun } = queueOf(['a', 'b', 'c', 'd', 'e'], places);
  queue.ring();
  await queue.settled();
  expect([begun, asked, queue.isBacklogged()]).toEqual([['a', 'b', 'c', 'd'], [2, 1, 1], true]);
  places.leave('a');
  queue.ring();
  await queue.settled();
  expect(begun.at(-1)).toBe('e');
});

test('a fresh run finds room while the queue is looked at, and joins it once somebody waits there', async () => {
  const places = createPlaces(2);
  const { queue } = queueOf([], places);
  queue.ring();
  expect(queue.hasRoom()).toBe(true);
  await queue.settled();
  places.take('a');
  places.take('b');
  expect([queue.hasRoom(), queue.isBacklogged()]).toEqual([false, true]);
  places.leave('a');
  expect(queue.hasRoom()).toBe(false);
  queue.ring();
  await queue.settled();
  expect([queue.hasRoom(), queue.isBacklogged()]).toEqual([true, false]);
});

test('a ring during a look is another look', async () => {
  const waiting: string[] = [];
  const { queue, begun } = queueOf(waiting, createPlaces(4));
  queue.ring();
  waiting.push('late');
  queue.ring();
  await queue.settled();
  expect(begun).toEqual(['late']);
});

test('a database that does not answer costs no place', async () => {
  const places = createPlaces(1);
  const queue = createRunQueue({ places, log, claim: () => Promise.reject(new Error('gone')), begin: () => undefined });
  queue.ring();
  await queue.settled();
  expect(warnings).toEqual(['The queue could not be looked at and will be again']);
  expect(queue.hasRoom()).toBe(true);
});
