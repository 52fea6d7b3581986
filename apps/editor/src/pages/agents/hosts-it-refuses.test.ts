import { expect, test } from 'vitest';
import { hostsItRefuses } from './hosts-it-refuses.ts';

const instance = (allowedHosts: string[], isHeard = true) => ({
  machine: 'm',
  version: '1',
  running: 0,
  seenAt: '2026-01-01T00:00:00.000Z',
  allowedHosts,
  isHeard,
});

test('names what no running agent allows by its own list', () => {
  const allowedHosts = ['erp.internal:8080', 'a.corp.example:443', 'b.corp.example:80'];
  expect(hostsItRefuses({ allowedHosts, instances: [instance(['erp.internal:8080']), instance(['*.corp.example:443'])] })).toEqual([
    'b.corp.example:80',
  ]);
  expect(hostsItRefuses({ allowedHosts, instances: [instance([], false)] })).toEqual([]);
});
