import { expect, test } from 'vitest';
import { countTests } from './test-counts.ts';

test('adds what passed and what failed', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }];
  expect(countTests(JSON.stringify({ numPassedTests: 7, numFailedTests: 1, testResults }))).toEqual({ passed: 7, failed: 1 });
});

test('a file that does not even load counts as one failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(countTests(JSON.stringify({ numPassedTests: 0, numFailedTests: 0, testResults }))).toEqual({ passed: 0, failed: 1 });
});

test('a run without a report counts nothing: its exit code tells', () => {
  expect(countTests('')).toEqual({ passed: 0, failed: 0 });
});
