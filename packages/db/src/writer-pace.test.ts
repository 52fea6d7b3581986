import { expect, test } from 'vitest';
import { createWriterPace } from './writer-pace.ts';

test('a line works as fast as it can until it came too often; then the minute is shared out, for a while', () => {
  let now = 1_000_000;
  const pace = createWriterPace(() => now);
  for (let turn = 0; turn < 15; turn += 1) {
    expect(pace.dueInMs()).toBe(0);
    pace.begin();
    now += 100;
  }
  pace.begin();
  pace.slowDown();
  expect(pace.dueInMs()).toBe(4_000);
  now += 3_000;
  expect(pace.dueInMs()).toBe(1_000);
  now += 600_000;
  expect([pace.dueInMs(), pace.isOver()]).toEqual([0, true]);
});

test('what was learnt is believed for as long as there is much to do', () => {
  let now = 0;
  const pace = createWriterPace(() => now);
  for (let turn = 0; turn < 16; turn += 1) pace.begin();
  pace.slowDown();
  for (let turn = 0; turn < 300; turn += 1) {
    now += 4_000;
    pace.begin();
  }
  expect(pace.dueInMs()).toBe(4_000);
});

test('a line whose first turn was too many waits no longer than ten seconds', () => {
  const pace = createWriterPace(() => 0);
  pace.begin();
  pace.slowDown();
  expect([pace.dueInMs(), pace.isOver()]).toEqual([10_000, false]);
});
