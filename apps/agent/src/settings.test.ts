import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const token = `hfa_${'a'.repeat(43)}`;
const good = { server: 'https://holdfast.example.com/', allow: 'erp.internal:8080' };
const read = (written: object = {}, environment: NodeJS.ProcessEnv = {}) =>
  readSettings({ ...good, ...written }, { HOLDFAST_AGENT_TOKEN: token, ...environment });

test('options go before variables', () => {
  expect(read()).toMatchObject({
    server: 'https://holdfast.example.com',
    token,
    allow: ['erp.internal:8080'],
    concurrency: 8,
    proxy: null,
    ca: null,
  });
  expect(read({ allow: '' }, { HOLDFAST_AGENT_ALLOW: 'a:1 b:2' }).allow).toEqual(['a:1', 'b:2']);
});

test('refuses what can’t work or would leak: plain http to another machine, no list, no token, a user in the address', () => {
  for (const [written, environment] of [
    [{ server: 'http://holdfast.example.com' }],
    [{ server: 'https://ann:secret@holdfast.example.com' }],
    [{ server: '' }],
    [{ allow: '' }],
    [{ allow: 'erp.internal' }],
    [{ allow: '*:443' }],
    [{ concurrency: '0' }],
    [{}, { HOLDFAST_AGENT_TOKEN: 'hf_of_somebody_else' }],
    [{ tokenFile: '/nowhere/token' }, { HOLDFAST_AGENT_TOKEN: '' }],
    [{}, { HTTPS_PROXY: 'proxy.example.com' }],
  ] as const)
    expect(() => read(written, environment), JSON.stringify([written, environment])).toThrow(expect.objectContaining({ reason: 'usage' }));
  expect(read({ server: 'http://127.0.0.1:4000' }).server).toBe('http://127.0.0.1:4000');
});

test('finds its own way out as other programs do', () => {
  const HTTPS_PROXY = 'http://ann:p%40ss@proxy.example.com:3128';
  expect(read({}, { HTTPS_PROXY }).proxy).toEqual({
    kind: 'proxy',
    url: 'http://proxy.example.com:3128',
    username: 'ann',
    password: 'p@ss',
  });
  expect(read({}, { all_proxy: 'socks5h://proxy.example.com:1080' }).proxy?.url).toBe('socks5://proxy.example.com:1080');
  expect(read({}, { HTTP_PROXY: 'http://proxy.example.com' }).proxy).toBe(null);
  for (const NO_PROXY of ['*', 'other.example, holdfast.example.com', '.example.com'])
    expect(read({}, { HTTPS_PROXY, NO_PROXY }).proxy, NO_PROXY).toBe(null);
});
