import type { Purpose } from '@holdfast/db';
import type { SendLimits } from '@holdfast/node-kit';
import { expect, test } from 'vitest';
import { sendContext } from '../test/send-context.ts';
import { consent } from './consent.ts';

const table: [Purpose, Purpose[], SendLimits['consent'], string | null][] = [
  ['service', [], 'required', null],
  ['marketing', [], 'required', 'send.consent'],
  ['marketing', ['service'], 'required', 'send.consent'],
  ['marketing', ['marketing'], 'required', null],
  ['marketing', [], 'not-required', null],
];

test.each(table)('%s with consents %o where it is %s: %s', (purpose, consents, setting, code) => {
  expect(consent(sendContext({ purpose, target: { consents }, limits: { consent: setting } }))?.code ?? null).toBe(code);
});
