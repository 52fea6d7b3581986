import { expect, test } from 'vitest';
import { refuseThrottled, restAfterShopify } from './shopify-cost.ts';

const answer = (currentlyAvailable: number, requestedQueryCost = 100) => ({
  data: null,
  extensions: { cost: { requestedQueryCost, throttleStatus: { maximumAvailable: 2000, currentlyAvailable, restoreRate: 100 } } },
});
const throttled = { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }] };

test('a bucket that is nearly empty is given time to fill', () => {
  expect(restAfterShopify(answer(1_500))).toBe(0);
  expect(restAfterShopify(answer(50))).toBe(1_500);
  expect([restAfterShopify(null), restAfterShopify({ extensions: 'x' }), restAfterShopify([])]).toEqual([0, 0, 0]);
});

test('an answer that says THROTTLED is no answer, and tells when there is room for the query', () => {
  expect(() => refuseThrottled('acme', { ...answer(20, 320), ...throttled })).toThrow(
    expect.objectContaining({ code: 'upstream.limited', retryAfterMs: 3_000 }),
  );
  expect(() => refuseThrottled('acme', throttled)).toThrow(expect.objectContaining({ retryAfterMs: 1_000 }));
  expect(() => refuseThrottled('acme', { errors: [{ message: 'Field is missing' }] })).not.toThrow();
});
