import { expect, test } from 'vitest';
import { isLaterStatus, type SendStatus } from './message-status.ts';

const all: SendStatus['status'][] = ['sent', 'delivered', 'read', 'failed'];
const follows: [string | null, SendStatus['status'][]][] = [
  [null, ['sent', 'delivered', 'read', 'failed']],
  ['sent', ['delivered', 'read', 'failed']],
  ['delivered', ['read']],
  ['read', []],
  ['failed', ['delivered', 'read']],
];

test.each(follows)('after %s only what is later counts', (now, later) => {
  expect(all.filter((next) => isLaterStatus(now, next))).toEqual(later);
});
