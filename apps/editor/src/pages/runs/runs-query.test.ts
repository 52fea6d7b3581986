import { expect, test } from 'vitest';
import { runsQuery } from './runs-query.ts';

const now = Date.parse('2026-03-04T10:00:42.500Z');

test('asks for what the address says and nothing else', () => {
  expect(runsQuery({ status: 'attention', flow: 'flow_1', search: '', cause: undefined }, now)).toEqual({
    status: 'attention',
    flow: 'flow_1',
    limit: 50,
  });
});

test('turns "the last hour" into a moment that stays the same for a minute', () => {
  expect(runsQuery({ since: 'hour' }, now)).toEqual({ from: '2026-03-04T09:00:00.000Z', limit: 50 });
  expect(runsQuery({ since: 'hour' }, now + 10_000)).toEqual(runsQuery({ since: 'hour' }, now));
});
