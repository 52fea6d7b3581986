import { endpoints, type Handoff } from '@holdfast/contracts';
import { expect, test } from 'vitest';
import { queueGroups } from './queue-groups.ts';

const handoff = (id: string, facts: Partial<Handoff>): Handoff =>
  endpoints.getHandoff.response.parse({
    id,
    status: 'open',
    reason: 'asked for a person',
    details: {},
    conversation: {
      id: 'c',
      channel: { id: 'ch', kind: 'simulator', name: 'Simulator' },
      contact: { id: 'p', name: 'Ana', language: 'es', attributes: {} },
      heldBy: 'person',
      holder: null,
      lastMessage: '',
      lastMessageAt: '2026-03-04T10:00:00Z',
      activeRun: null,
      isGroup: false,
      windowUntil: null,
    },
    run: null,
    continuesAt: null,
    path: [],
    openedAt: '2026-03-04T10:00:00Z',
    claimedBy: null,
    claimedAt: null,
    endedAt: null,
    ...facts,
  });

test('who waits longest stands first, what people hold comes after', () => {
  const groups = queueGroups([
    handoff('late', { openedAt: '2026-03-04T10:05:00Z' }),
    handoff('mine', { status: 'claimed', claimedAt: '2026-03-04T10:06:00Z' }),
    handoff('early', { openedAt: '2026-03-04T09:00:00Z' }),
  ]);
  expect(groups.map(({ name, items }) => [name, items.map(({ id }) => id)])).toEqual([
    ['waiting', ['early', 'late']],
    ['held', ['mine']],
  ]);
});

test('a group with nobody in it is not shown', () => {
  expect(queueGroups([])).toEqual([]);
});
