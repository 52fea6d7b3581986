import { expect, test } from 'vitest';
import { hoursAgo, sendContext } from '../test/send-context.ts';
import { peopleADay } from './warm-up.ts';

test.each([
  ['on its first day', { warmSince: hoursAgo(3) }, 100],
  ['on its fourth', { warmSince: hoursAgo(3 * 24 + 1) }, 800],
  ['once it is warm', { warmSince: hoursAgo(24 * 60) }, null],
  ['within what the provider allows', { warmSince: hoursAgo(24 * 60), messagingLimit: 250 }, 250],
  ['where the provider allows more than it has grown to', { warmSince: hoursAgo(3), messagingLimit: 2_000 }, 100],
  ['where the provider sets no limit', { warmSince: hoursAgo(24 * 60), messagingLimit: -1 }, null],
  ['half of it while people complain', { warmSince: hoursAgo(3), quality: 'yellow' }, 50],
  ['with its clock behind the database’s', { warmSince: hoursAgo(-1) }, 100],
  ['on a channel that needs no warming', { kind: 'telegram', warmSince: hoursAgo(1) }, null],
])('%s', (_name, target, people) => {
  expect(peopleADay(sendContext({ target }))).toBe(people);
});
