import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSecrets } from './secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'holdfast-secrets-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('secrets', () => {
  test('opens what it sealed, also after a restart', () => {
    const sealed = createSecrets({ dataDir }).seal('p4ssw0rd ñ 🌊');
    expect(createSecrets({ dataDir }).open(sealed)).toBe('p4ssw0rd ñ 🌊');
    expect(sealed.secret.includes('p4ssw0rd')).toBe(false);
  });

  test('seals the same text differently each time', () => {
    const secrets = createSecrets({ dataDir });
    expect(secrets.seal('a').secret.equals(secrets.seal('a').secret)).toBe(false);
  });

  test('keeps its key readable by its owner only', () => {
    createSecrets({ dataDir });
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  });

  test('refuses a secret that was changed by one bit', () => {
    const secrets = createSecrets({ dataDir });
    const sealed = secrets.seal('token');
    sealed.secret[14] = (sealed.secret[14] ?? 0) ^ 1;
    expect(() => secrets.open(sealed)).toThrow(expect.objectContaining({ code: 'credential.missing' }));
  });

  test('refuses a secret of another key and says which', () => {
    const sealed = createSecrets({
      dataDir,
      secretKey: 'c'.repeat(2) + Buffer.from('another key, with many bytes!!!').toString('hex').slice(0, 62),
    }).seal('token');
    expect(() => createSecrets({ dataDir }).open(sealed)).toThrow(sealed.keyId);
  });

  test.each(['short', 'a'.repeat(64), ''])('refuses the weak key "%s"', (key) => {
    expect(() => createSecrets({ dataDir, secretKey: key })).toThrow('32 random bytes');
  });

  test('derives keys that differ by purpose and from the stored one', () => {
    const secrets = createSecrets({ dataDir });
    expect(secrets.derive('sessions')).not.toBe(secrets.derive('other'));
    expect(secrets.derive('sessions')).not.toBe(readFileSync(join(dataDir, 'secret.key'), 'utf8').trim());
  });
});
