import { expect, test } from 'vitest';
import { laneFor } from './lane-for.ts';

test('a run that a caller may be waiting for begins in express, a conversation in Temporal', () => {
  const lanes = (['webhook', 'schedule', 'manual', 'channel'] as const).map((source) =>
    laneFor({ source, settings: { lane: 'auto' }, forced: null }),
  );
  expect(lanes).toEqual(['express', 'express', 'express', 'temporal']);
});

test('a version from before there were lanes goes by its start', () => {
  expect(laneFor({ source: 'webhook', settings: {}, forced: null })).toBe('express');
});

test('the flow decides otherwise, and the installation before the flow', () => {
  expect(laneFor({ source: 'channel', settings: { lane: 'express' }, forced: null })).toBe('express');
  expect(laneFor({ source: 'webhook', settings: { lane: 'temporal' }, forced: null })).toBe('temporal');
  expect(laneFor({ source: 'webhook', settings: { lane: 'express' }, forced: 'temporal' })).toBe('temporal');
});
