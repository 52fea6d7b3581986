import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databasePatience } from './database-patience.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new Promise<string>(() => undefined);
const answerIn = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('an answer'), ms));
const codeOf = (asked: Promise<string>): Promise<unknown> => asked.catch((error: unknown) => error);

test('gives up what PostgreSQL leaves unanswered for 2 s', async () => {
  const asked = codeOf(databasePatience()(never));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await asked).toMatchObject({ code: 'database.unavailable', retryAfterMs: 2_000 });
});

test('has one patience for all questions of a call', async () => {
  const inTime = databasePatience();
  const [first] = await Promise.all([inTime(answerIn(1_250)), vi.advanceTimersByTimeAsync(1_250)]);
  expect(first).toBe('an answer');
  const [second] = await Promise.all([codeOf(inTime(answerIn(1_250))), vi.advanceTimersByTimeAsync(1_250)]);
  expect(second).toMatchObject({ code: 'database.unavailable' });
});
