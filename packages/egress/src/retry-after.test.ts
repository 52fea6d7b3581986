import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.ts';

const now = Date.parse('2026-11-23T10:00:00Z');
test('reads seconds', () => expect(parseRetryAfter('7', now)).toBe(7_000));
test('reads a date', () => expect(parseRetryAfter('Mon, 23 Nov 2026 10:00:30 GMT', now)).toBe(30_000));
test('takes a date in the past as now', () => expect(parseRetryAfter('Mon, 23 Nov 2026 09:00:00 GMT', now)).toBe(0));
test('waits at most a day', () => expect(parseRetryAfter('999999', now)).toBe(86_400_000));
test.each([undefined, '', 'soon', '-5'])('makes nothing of %s', (value) => expect(parseRetryAfter(value, now)).toBeUndefined());
