import type { Purpose } from '@holdfast/db';
import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { optOut } from './opt-out.ts';

const table: [Purpose[], Purpose, string | null][] = [
  [[], 'marketing', null],
  [['marketing'], 'marketing', 'send.opted-out'],
  [['marketing'], 'service', null],
  [['service'], 'service', 'send.opted-out'],
  [['service'], 'marketing', 'send.opted-out'],
];

test.each(table)('who stopped %o and is sent %s: %s', (optOuts, purpose, code) => {
  expect(optOut(sendContext({ target: { optOuts }, purpose }))?.code ?? null).toBe(code);
});
