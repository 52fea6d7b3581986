import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { ApiError, asApiError, errorFromAnswer } from './api-error.ts';

const problem = {
  code: 'resource.missing',
  title: 'We could not find this',
  detail: 'There is no run run_1.',
  requestId: 'req_1',
  status: 404,
};

describe('an error answer', () => {
  test('keeps the problem that the server describes', () => {
    const error = errorFromAnswer(404, problem);
    expect(error.code).toBe('resource.missing');
    expect(error.problem).toMatchObject(problem);
  });
  test('of a proxy in front says that Holdfast is not ready', () => {
    expect(errorFromAnswer(502, '<html>').code).toBe('network.unavailable');
  });
  test('without an explanation names its status', () => {
    expect(errorFromAnswer(418, null).problem.detail).toContain('418');
  });
});

test('a thrown value that is no answer becomes an error with a way on', () => {
  const error = asApiError(new TypeError('x is not a function'));
  expect(error).toBeInstanceOf(ApiError);
  expect(error.problem.hint).toContain('Reload');
});

test('an answer that breaks the contract asks to reload, and names the place', () => {
  const { problem } = asApiError(z.object({ price: z.object({ amount: z.number() }) }).safeParse({ price: {} }).error);
  expect(problem.detail).toContain('(price.amount)');
  expect(problem.hint).toContain('Reload');
});
