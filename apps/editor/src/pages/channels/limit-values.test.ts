import { channelLimits } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { changedLimits, isMoreThanUsual, limitValues } from './limit-values.ts';

const telegram = (limits?: object) => ({ kind: 'telegram' as const, config: limits === undefined ? {} : { limits: { ...limits } } });

test('only what differs from the usual is kept, and what is not shown here stays', () => {
  const channel = telegram({ sameTextPeople: 5, perSecond: 10 });
  const values = limitValues(channel);
  if (!values) throw new Error('Telegram has limits.');
  expect(values.perSecond).toBe(10);
  expect(changedLimits(channel, values)).toEqual({ sameTextPeople: 5, perSecond: 10 });
  expect(changedLimits(channel, { ...values, perSecond: 30, velocityPerHour: null })).toEqual({ sameTextPeople: 5, velocityPerHour: null });
});

test('an emptied input and a zero are refused, as the server refuses them', () => {
  const channel = telegram();
  const values = limitValues(channel);
  if (!values) throw new Error('Telegram has limits.');
  const refused = (changed: object) =>
    channelLimits.safeParse(changedLimits(channel, { ...values, ...changed })).error?.issues.map(({ path }) => path[0]);
  expect(refused({ perSecond: '' })).toEqual(['perSecond']);
  expect(refused({ perDay: 0 })).toEqual(['perDay']);
  expect(refused({ perDay: 500 })).toBeUndefined();
});

test('a shorter pause to the same person is more than usual, a longer one is not', () => {
  expect([0.5, 1, 6].map((seconds) => isMoreThanUsual('chatEverySeconds', seconds, 1))).toEqual([true, false, false]);
  expect([29, 30, 31, null].map((value) => isMoreThanUsual('perSecond', value, 30))).toEqual([false, false, true, true]);
  expect(isMoreThanUsual('perDay', 5, null)).toBe(false);
});

test('the simulator has no limits', () => {
  expect(limitValues({ kind: 'simulator', config: {} })).toBeNull();
});
