import { expect, test } from 'vitest';
import { guessServers, presetOf, withSecurity } from './mail-presets.ts';

test('an address says whose mailbox it is, or where it probably lies', () => {
  expect(presetOf('Ana@Gmail.com')?.id).toBe('google');
  expect(presetOf('ana@kelp.example')).toBeNull();
  expect(guessServers('ana@kelp.example')).toEqual({
    imap: { host: 'imap.kelp.example', port: 993, security: 'tls' },
    smtp: { host: 'smtp.kelp.example', port: 465, security: 'tls' },
  });
});

test('the port follows the encryption, unless somebody chose one', () => {
  const server = { host: 'mail.kelp.example', port: 465, security: 'tls' as const };
  expect(withSecurity('smtp', server, 'starttls')).toEqual({ ...server, port: 587, security: 'starttls' });
  expect(withSecurity('smtp', { ...server, port: 2525 }, 'starttls').port).toBe(2525);
});
