import { expect, test } from 'vitest';
import { publicAddress, readSettings } from './settings.ts';

test('without any setting everything is embedded, on port 4000 of this machine alone', () => {
  const settings = readSettings({});
  expect(settings).toMatchObject({ port: 4000, host: '127.0.0.1', databaseUrl: null, temporalAddress: null, temporalNamespace: 'default' });
  expect(settings.dataDir).toMatch(/\/\.holdfast$/);
  expect(publicAddress(settings)).toBe('http://localhost:4000');
});

test('a port that is none is named', () => {
  expect(() => readSettings({ HOLDFAST_PORT: '40x' })).toThrow('HOLDFAST_PORT is "40x", which is not a port.');
  expect(() => readSettings({ HOLDFAST_PORT: '70000' })).toThrow('which is not a port');
});

test('a database address that is none is not repeated: it may hold a password', () => {
  expect(() => readSettings({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).toThrow(/^(?!.*hunter2).*not a PostgreSQL address/);
});
