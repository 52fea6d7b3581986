import { HoldfastError } from '@holdfast/errors';
import { expect, test } from 'vitest';
import { comeAgainInMs } from './patience.ts';

const minute = 60_000;
const put = (patience: string, retryAfterMs?: number) =>
  new HoldfastError('send.deferred', { detail: '', extra: { patience }, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const all = (error: HoldfastError) => Array.from({ length: 12 }, (_, at) => comeAgainInMs(error, at + 1)).filter((ms) => ms !== null);

test('greylisting is met after 5 to 15 minutes first, then for hours, and is given up within a day', () => {
  const waits = all(put('greylist'));
  expect(waits[0]).toBeGreaterThanOrEqual(5 * minute);
  expect(waits[0]).toBeLessThanOrEqual(15 * minute);
  expect(waits.toSorted((one, other) => one - other)).toEqual(waits);
  const sum = waits.reduce((one, other) => one + other, 0);
  expect(sum).toBeGreaterThan(12 * 60 * minute);
  expect(sum).toBeLessThan(24 * 60 * minute);
});

test('a server that is busy is met sooner; one that says when is believed', () => {
  expect(comeAgainInMs(put('busy'), 1)).toBe(minute);
  expect(comeAgainInMs(put('greylist', 5 * minute), 1)).toBe(5 * minute + 15_000);
  expect(comeAgainInMs(put('greylist', 5 * minute), 4)).toBe(30 * minute + 15_000);
  expect([1, 2, 3, 5].map((attempt) => comeAgainInMs(put('greylist', minute / 2), attempt))).toEqual(
    [0.5, 1, 2, 8].map((asked) => asked * minute + 15_000),
  );
  expect(comeAgainInMs(new HoldfastError('upstream.limited', { detail: '' }), 1)).toBeNull();
});
