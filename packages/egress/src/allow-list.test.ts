import { describe, expect, test } from 'vitest';
import { parseAllowList } from './allow-list.ts';

describe('parseAllowList', () => {
  test('allows an exact target and no other port of it', () => {
    const allow = parseAllowList('crm.internal:8080, [::1]:9000');
    expect(allow.allowsTarget('CRM.internal', 8080)).toBe(true);
    expect(allow.allowsTarget('crm.internal', 80)).toBe(false);
    expect(allow.allowsTarget('[::1]', 9000)).toBe(true);
    expect(allow.allowsAddress('10.1.2.3')).toBe(false);
  });

  test('allows the addresses of a network, also when they come as IPv4 inside IPv6', () => {
    const allow = parseAllowList('10.1.0.0/16 fd00::/8');
    expect(allow.allowsAddress('10.1.2.3')).toBe(true);
    expect(allow.allowsAddress('::ffff:10.1.2.3')).toBe(true);
    expect(allow.allowsAddress('10.2.0.1')).toBe(false);
    expect(allow.allowsAddress('fd12::1')).toBe(true);
  });

  test.each(['crm.internal', '10.0.0.0/99', 'http://crm:80', 'crm:99999', '*'])('refuses the entry %s with a sentence', (entry) =>
    expect(() => parseAllowList(entry)).toThrow(/neither host:port nor a network/),
  );
});
