import { expect, test } from 'vitest';
import { credentialBody, missingSecrets, noSecret } from './credential-body.ts';

const values = {
  name: ' CRM ',
  kind: 'basic',
  baseUrl: '',
  allowedHosts: ['crm.example.com', ' '],
  secret: { ...noSecret, username: 'ana', password: 'x' },
} as const;

test('only the fields of its kind travel', () => {
  expect(
    credentialBody({ ...values, allowedHosts: [...values.allowedHosts], secret: { ...values.secret, apiKey: 'left from another kind' } }),
  ).toEqual({
    name: 'CRM',
    kind: 'basic',
    baseUrl: null,
    allowedHosts: ['crm.example.com'],
    secret: { username: 'ana', password: 'x' },
  });
});

test('an untouched secret is kept', () => {
  expect(credentialBody({ ...values, allowedHosts: [], secret: noSecret })).not.toHaveProperty('secret');
  expect(missingSecrets({ kind: 'basic', secret: noSecret }, false)).toEqual([]);
});

test('half a secret is asked for in full', () => {
  expect(missingSecrets({ kind: 'basic', secret: { ...noSecret, username: 'ana' } }, false)).toEqual(['password']);
  expect(missingSecrets({ kind: 'basic', secret: noSecret }, true)).toEqual(['username', 'password']);
});

test('a model server of our own may have no key', () => {
  expect(missingSecrets({ kind: 'openai-compatible', secret: noSecret }, true)).toEqual([]);
});
