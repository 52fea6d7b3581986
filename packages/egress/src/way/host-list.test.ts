import { expect, test } from 'vitest';
import { acceptsHost, parseHostList } from './host-list.ts';

test.each([
  ['erp.internal:8080', 'http://erp.internal:8080/x', true],
  ['erp.internal:8080', 'http://erp.internal/x', false],
  ['erp.internal:443', 'https://erp.internal/x', true],
  ['erp.internal', 'https://ERP.internal:9/x', true],
  ['erp.internal', 'https://xerp.internal/', false],
  ['*.corp.example:443', 'https://a.b.corp.example/', true],
  ['*.corp.example:443', 'https://corp.example/', false],
  ['*.corp.example:443', 'https://evilcorp.example/', false],
  ['[fd00::1]:443', 'https://[fd00::1]/', true],
  ['127.0.0.1:80', 'http://0x7f.1/', true],
  ['erp.internal', 'http://erp.internal./', false],
])('%s and %s: %s', (entry, url, isAccepted) => expect(acceptsHost([entry], new URL(url))).toBe(isAccepted));

test('a list names a port for every host', () => {
  expect(parseHostList('ERP.internal:8080, *.corp.example:443\n[fd00::1]:443')).toEqual([
    'erp.internal:8080',
    '*.corp.example:443',
    '[fd00::1]:443',
  ]);
  for (const bad of ['erp.internal', '*:443', '*.:1', 'http://erp:80', 'erp:99999', 'a b:1'])
    expect(() => parseHostList(bad), bad).toThrow(expect.objectContaining({ code: 'request.invalid' }));
});
