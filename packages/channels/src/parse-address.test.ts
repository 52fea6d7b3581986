import { expect, test } from 'vitest';
import { parseAddress } from './parse-address.ts';

test.each([
  ['whatsapp', '+34 600 111 222', '+34600111222'],
  ['whatsapp', '0034 600-111-222', '+34600111222'],
  ['whatsapp', '34600111222', '+34600111222'],
  ['whatsapp', 'ES.84XyZ', 'ES.84XyZ'],
  ['sms', '+1 (212) 555-0100', '+12125550100'],
  ['email', ' Ana <Ana@Example.COM> ', 'ana@example.com'],
  ['telegram', '-100123', '-100123'],
  ['simulator', 'ana', 'ana'],
])('%s: %s is %s', (kind, written, address) => {
  expect(parseAddress(kind, written)).toBe(address);
});

test.each([
  ['whatsapp', '600 111 222'],
  ['sms', 'ana'],
  ['sms', ''],
  ['email', 'ana@'],
  ['email', 'a@b.es, c@d.es'],
  ['telegram', '@ana'],
  ['simulator', ' '],
])('%s: %j is refused with what to do', (kind, written) => {
  expect(() => parseAddress(kind, written)).toThrow(
    expect.objectContaining({ code: 'send.address', hint: expect.stringContaining('Write') }),
  );
});
