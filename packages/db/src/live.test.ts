import { describe, expect, test } from 'vitest';
import { packNotices, type LiveNotice } from './live.ts';

const notice = (run: string): LiveNotice => ({ workspace: 'ws_1', event: { kind: 'step', run } });

describe('notices', () => {
  test('go out together as long as PostgreSQL takes them, and lose nothing', () => {
    const notices = Array.from({ length: 500 }, (_, index) => notice(`run_${index}`.padEnd(36, 'x')));
    const payloads = packNotices(notices);
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000);
    expect(payloads.length).toBeLessThan(10);
    expect(payloads.flatMap((payload): unknown => JSON.parse(payload))).toEqual(notices);
  });

  test('are counted in bytes, not in characters', () => {
    const payloads = packNotices(Array.from({ length: 100 }, () => notice('🌊'.repeat(20))));
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000);
  });

  test('that are none make no payload', () => {
    expect(packNotices([])).toEqual([]);
  });
});
