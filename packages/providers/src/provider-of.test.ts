import type { ResolvedCredential } from '@holdfast/egress';
import { expect, test } from 'vitest';
import { providerNamed, providerOf } from './provider-of.ts';

const by = (via: NonNullable<ResolvedCredential['via']> | null, more: Partial<ResolvedCredential> = {}): ResolvedCredential => ({
  kind: 'bearer',
  allowedHosts: [],
  secret: { token: 't' },
  via,
  ...more,
});
const url = 'http://erp.internal:8080/orders';

test.each([
  ['straight', by(null), 'http:erp.internal:8080', 'erp.internal:8080'],
  ['over an agent', by({ kind: 'agent', id: 'agent_1', workspaceId: 'ws_1' }), 'http:erp.internal:8080@agent_1', 'erp.internal:8080'],
  [
    'through a proxy',
    by({ kind: 'proxy', url: 'socks5://gate.example:1080', username: 'u', password: 'p' }),
    'http:erp.internal:8080@gate.example:1080',
    'erp.internal:8080 (gate.example:1080)',
  ],
])('a host that is reached %s is an account of its own', (_way, credential, key, name) => {
  expect(providerOf('ws_1', { url }, credential)).toEqual({ workspaceId: 'ws_1', key, kind: 'http', name });
});

test('a database of one name in two networks is two', () => {
  expect(providerNamed('ws_1', 'postgresql:db.internal:5432/erp@gate.example:1080').name).toBe('db.internal:5432/erp (gate.example:1080)');
});

test('an account that is named is the same by all ways', () => {
  const credential = by({ kind: 'agent', id: 'agent_1', workspaceId: 'ws_1' }, { provider: 'shopify:acme.myshopify.com' });
  expect(providerOf('ws_1', { url }, credential)).toEqual(providerNamed('ws_1', 'shopify:acme.myshopify.com'));
});
