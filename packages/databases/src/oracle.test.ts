import type { DatabaseValue } from '@holdfast/node-kit';
import oracledb from 'oracledb';
import { describe, expect, test } from 'vitest';
import type { DatabaseAccess } from './access.ts';
import { momentOf, numberOf, jsonOf } from './answer-value.ts';
import { bindValues } from './bind-value.ts';
import { explainFailure, isClearNo } from './failure.ts';
import { bindOf, connectionOf } from './open-oracle.ts';
import { fetchTypeOf, oracleValue } from './oracle-types.ts';
import { RefusedError } from './refused-error.ts';

// There is no Oracle server in the tests: this is what the adapter makes and understands, statement by statement. What the driver does with it is the driver's.

const access: DatabaseAccess = {
  kind: 'oracle',
  name: 'ERP',
  host: 'erp.example.com',
  port: 2484,
  database: 'ORCLPDB1',
  user: 'flows',
  password: 'kelp-und-anker-7',
  tls: 'verify-full',
  certificates: null,
  schemas: [],
  isReadOnly: true,
  isTrusted: false,
  via: null,
};

describe('the way there', () => {
  test('is one address with TLS through our tunnel, and nothing of a file or a variable', () => {
    const { connectString, httpsProxy, httpsProxyPort } = connectionOf(access, 4_711);
    expect(connectString).toContain('(address=(protocol=tcps)(host=erp.example.com)(port=2484))');
    expect(connectString?.match(/\(address=/g)).toHaveLength(1);
    expect(connectString).toContain('(ssl_server_dn_match=yes)');
    expect([httpsProxy, httpsProxyPort]).toEqual(['127.0.0.1', 4_711]);
    expect(connectionOf({ ...access, tls: 'require' }, 1).connectString).toContain('(ssl_server_dn_match=no)');
  });

  test('without encryption leads to our relay on this machine alone', () => {
    const { connectString, httpsProxy } = connectionOf({ ...access, tls: 'off' }, 4_711);
    expect(connectString).toContain('(address=(protocol=tcp)(host=127.0.0.1)(port=4711))');
    expect(connectString).not.toContain(access.host);
    expect(httpsProxy).toBeUndefined();
  });
});

describe('values', () => {
  const value = (given: unknown, as: DatabaseValue['as']): DatabaseValue[] => [
    { name: 'v', value: given as DatabaseValue['value'], as, emptyIsNull: true }, // as: what the tests below write
  ];
  const bound = (given: unknown, as: DatabaseValue['as']) => bindValues({ names: ['v'] }, value(given, as), bindOf)[0];

  test('go in by their kind', () => {
    expect([bound('a', 'text'), bound('12.50', 'number'), bound('yes', 'yes-no'), bound(false, 'yes-no'), bound('', 'number')]).toEqual([
      'a',
      12.5,
      1,
      0,
      null,
    ]);
    expect(bound('2026-11-23T10:00:00Z', 'date')).toEqual(new Date('2026-11-23T10:00:00Z'));
    expect(bound({ a: 1 }, 'json')).toBe('{"a":1}');
    expect(() => bound('12345678901234567', 'number')).toThrow(RefusedError);
  });

  test('come out without losing a digit', async () => {
    const column = (dbType: oracledb.DbType) => ({ dbType });
    expect(fetchTypeOf({ name: 'N', dbType: oracledb.DB_TYPE_NUMBER } as oracledb.Metadata<unknown>)).toEqual({
      type: oracledb.DB_TYPE_VARCHAR,
    }); // as: the fields that it reads
    expect(await oracleValue('12345678901234567890', column(oracledb.DB_TYPE_NUMBER))).toBe('12345678901234567890');
    expect(await oracleValue('12.5', column(oracledb.DB_TYPE_NUMBER))).toBe(12.5);
    expect(await oracleValue(Buffer.from('abc'), column(oracledb.DB_TYPE_RAW))).toBe('[3 bytes]');
    expect(await oracleValue(new Date(2026, 10, 23, 10), column(oracledb.DB_TYPE_DATE))).toBe('2026-11-23T10:00:00.000');
    expect(await oracleValue(new Date('2026-11-23T10:00:00Z'), column(oracledb.DB_TYPE_TIMESTAMP_TZ))).toBe('2026-11-23T10:00:00.000Z');
    expect(await oracleValue({ a: new Date(0) }, column(oracledb.DB_TYPE_JSON))).toEqual({ a: '1970-01-01T00:00:00.000Z' });
    expect(await oracleValue(null, undefined)).toBeNull();
  });
});

describe('what Oracle says no to', () => {
  const said = (text: string) => explainFailure(new Error(text), access);
  test.each([
    [
      'ORA-00001: unique constraint (SHOP.ORDERS_PK) violated on table SHOP.ORDERS columns (ID)',
      { kind: 'exists-already', constraint: 'SHOP.ORDERS_PK' },
    ],
    ['ORA-02291: integrity constraint (SHOP.FK) violated - parent key not found', { kind: 'refers-to-nothing', constraint: 'SHOP.FK' }],
    ['ORA-01400: cannot insert NULL into ("SHOP"."ORDERS"."NUMBER")', { kind: 'missing', table: 'ORDERS', columns: ['NUMBER'] }],
    ['ORA-02290: check constraint (SHOP.POSITIVE) violated', { kind: 'rule', constraint: 'SHOP.POSITIVE' }],
    ['ORA-12899: value too large for column "SHOP"."ORDERS"."NOTE" (actual: 300, maximum: 200)', { kind: 'value', columns: ['NOTE'] }],
    ['ORA-01722: invalid number', { kind: 'value' }],
    ['ORA-20001: credit limit reached ORA-06512: at "SHOP.CHECK"', { kind: 'rule', reason: 'The database refused: credit limit reached' }],
  ])('%s is an outcome', (text, refusal) => {
    const error = said(text);
    expect(error instanceof RefusedError ? error.refusal : error).toMatchObject(refusal);
  });

  test.each([
    ['ORA-01017: invalid username/password', 'upstream.unauthorized'],
    ['ORA-12514: listener does not know of service', 'upstream.refused'],
    ['ORA-01456: may not perform insert in a READ ONLY transaction', 'step.config'],
    ['ORA-00942: table or view does not exist', 'step.config'],
    ['ORA-01031: insufficient privileges', 'upstream.refused'],
    ['ORA-01013: user requested cancel', 'upstream.timeout'],
    ['ORA-00060: deadlock detected', 'upstream.broken'],
    ['NJS-040: connection request timeout', 'upstream.timeout'],
    ['NJS-503: connection could not be established', 'upstream.unreachable'],
    ['ORA-03113: end-of-file on communication channel', 'upstream.unreachable'],
  ])('%s', (text, code) => {
    expect(said(text)).toMatchObject({ code });
  });

  test('the password is in none of its words', () => {
    const error = said(`NJS-999: something about ${access.password}`);
    expect(JSON.stringify([error, String(error), String(error.cause)])).not.toContain(access.password);
    // Where the rest is cut off, and in what the database refuses.
    for (const text of [`${'x'.repeat(296)}${access.password}`, `ORA-20001: not with ${access.password}`])
      expect(JSON.stringify(said(text), ['message', 'detail', 'refusal', 'reason'])).not.toContain(access.password.slice(0, 4));
  });

  test('only a clear no while a change is being kept tells that it was not', () => {
    expect(['ORA-02091: rolled back', 'ORA-00001: unique', 'ORA-02291: x'].map((text) => isClearNo(new Error(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['ORA-03113: eof', 'NJS-500: closed', 'socket hang up'].map((text) => isClearNo(new Error(text)))).toEqual([
      false,
      false,
      false,
    ]);
    const pgError = (code: string) => Object.assign(new Error('x'), { code });
    expect(['23505', '40001', '40003', '57P01', '08006', 'ECONNRESET'].map((code) => isClearNo(pgError(code)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

test('numbers of up to 15 digits stay numbers; moments become ISO', () => {
  expect(['12.50', '-0.001', '000123', '123456789012345', '1234567890123456', 'NaN', '1e3'].map(numberOf)).toEqual([
    12.5,
    -0.001,
    123,
    123_456_789_012_345,
    '1234567890123456',
    'NaN',
    1_000,
  ]);
  expect(['2026-11-23 10:00:00+00', '2026-11-23 10:00:00.5+05:30', 'infinity', '0044-03-15 10:00:00+00 BC'].map(momentOf)).toEqual([
    '2026-11-23T10:00:00.000Z',
    '2026-11-23T04:30:00.500Z',
    'infinity',
    '0044-03-15 10:00:00+00 BC',
  ]);
});

test('JSON of a database is what a run can keep: neither NUL nor half a character in it, and no deeper than anybody reads', () => {
  expect(jsonOf(String.raw`{"a\u0000": ["\ud800", {"__proto__": 1}]}`)).toEqual(JSON.parse('{"a\ufffd": ["\ufffd", {"__proto__": 1}]}'));
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(jsonOf(nested(200))).toEqual(JSON.parse(nested(200)));
  expect(jsonOf(nested(201))).toBe(nested(201));
});
