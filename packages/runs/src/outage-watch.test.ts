import { expect, test } from 'vitest';
import { createOutageWatch } from './outage-watch.ts';

test('nobody is judged by silence during an outage, nor until all had the time to speak again', () => {
  let now = 0;
  const watch = createOutageWatch(() => now);
  const after = (ms: number, isAnswered = true) => {
    now += ms;
    if (isAnswered) watch.answered();
    return watch.isLongOver();
  };
  expect([after(10), after(1_000), after(2_900)]).toEqual([true, true, true]);
  expect([after(3_100, false), after(0), after(2_000), after(2_000), after(1_900)]).toEqual([false, false, false, false, false]);
  expect(after(200)).toBe(true);
});
