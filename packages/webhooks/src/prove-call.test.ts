import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keysOf } from './keys-of.ts';
import { proveCall, type Key } from './prove-call.ts';
import { readProof, type Proof } from './proof.ts';

const at = (seconds: number): Date => new Date(seconds * 1_000);
const call = (headers: Record<string, string>, body = '') => ({ headers, body: Buffer.from(body) });
const hmac = (more: object): Proof =>
  readProof({
    proof: 'hmac',
    signatureHeader: 'X-Signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: '',
    signedText: '{body}',
    ...more,
  });
const refusal = { code: 'auth.signature' };

describe('Standard Webhooks', () => {
  // The example of the libraries of https://www.standardwebhooks.com.
  const key: Key = { signingKey: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  const sentAt = 1_614_265_330;
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': String(sentAt),
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const prove = (given: { headers?: object; body?: string; keys?: Key[]; now?: Date } = {}) =>
    proveCall(
      { proof: 'standard' },
      given.keys ?? [key],
      call({ ...headers, ...given.headers }, given.body ?? '{"test": 2432232314}'),
      given.now ?? at(sentAt),
    );

  test('accept the example of the standard and tell the message’s id', () => {
    expect(prove().messageId).toBe('msg_p5jXN8AQM9LWM0D4loKWxJek');
  });

  test.each([
    ['another body', { body: '{"test": 2432232315}' }],
    ['another id', { headers: { 'webhook-id': 'msg_2' } }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature of another version', { headers: { 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' } }],
    ['another key', { keys: [{ signingKey: 'whsec_plJ3nmyCDGBKInavdOK15jsl' }] }],
    ['no key at all', { keys: [] }],
    ['a time that is no number', { headers: { 'webhook-timestamp': 'now' } }],
  ])('refuse %s', (_name, given) => {
    expect(() => prove(given)).toThrow(expect.objectContaining(refusal));
  });

  test.each(['whsec_', 'пароль', '!!!', 'whsec_=='])('refuse what is signed with the nothing that %j is in base64', (signingKey) => {
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.{}`;
    const signature = `v1,${createHmac('sha256', '').update(content).digest('base64')}`;
    const forged = { headers: { 'webhook-signature': signature }, body: '{}', keys: [{ signingKey }] };
    expect(() => prove(forged)).toThrow(expect.objectContaining(refusal));
  });

  test.each([-300, -240, 240, 300])('are taken with a clock %i s away', (seconds) => {
    expect(prove({ now: at(sentAt + seconds) }).messageId).toBe(headers['webhook-id']);
  });

  test.each([-600, -301, 301, 600])('are refused with a clock %i s away', (seconds) => {
    expect(() => prove({ now: at(sentAt + seconds) })).toThrow(expect.objectContaining(refusal));
  });

  test('take any of several signatures, by any of several keys', () => {
    const signature = `v1,AAAA ${headers['webhook-signature']} v1a,xyz`;
    expect(prove({ headers: { 'webhook-signature': signature }, keys: [{ signingKey: 'whsec_AAAA' }, key] }).messageId).toBe(
      headers['webhook-id'],
    );
  });
});

describe('a signature in a header', () => {
  test('is taken as GitHub documents it', () => {
    const github = hmac({ signatureHeader: 'X-Hub-Signature-256', prefix: 'sha256=' });
    const signed = { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' };
    const keys = [{ signingKey: "It's a Secret to Everybody" }];
    expect(proveCall(github, keys, call(signed, 'Hello, World!'), at(0)).usedHeaders).toEqual(['x-hub-signature-256']);
    expect(() => proveCall(github, keys, call(signed, 'Hello, World?'), at(0))).toThrow(expect.objectContaining(refusal));
  });

  test('is taken as Slack documents it, with its time', () => {
    const slack = hmac({
      signatureHeader: 'x-slack-signature',
      prefix: 'v0=',
      signedText: 'v0:{timestamp}:{body}',
      timestampHeader: 'X-Slack-Request-Timestamp',
    });
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const signed = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const keys = [{ signingKey: '8f742231b10e8888abcd99yyyzzz85a5' }];
    expect(proveCall(slack, keys, call(signed, body), at(1_531_420_618)).messageId).toBeNull();
    expect(() => proveCall(slack, keys, call(signed, body), at(1_531_420_618 + 600))).toThrow(expect.objectContaining(refusal));
  });

  test('is taken as Stripe sends it: the time and several signatures in one header', () => {
    const stripe = hmac({ signatureHeader: 'stripe-signature', prefix: 'v1=', signedText: '{timestamp}.{body}' });
    const sign = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');
    const header = `t=1700000000,v1=${sign('whsec_old', '1700000000.{}')},v1=${sign('whsec_new', '1700000000.{}')},v0=aa`;
    const prove = (key: string, signature = header) =>
      proveCall(stripe, [{ signingKey: key }], call({ 'stripe-signature': signature }, '{}'), at(1_700_000_000));
    expect(prove('whsec_new').usedHeaders).toEqual(['stripe-signature']);
    expect(prove('whsec_old').usedHeaders).toEqual(['stripe-signature']);
    expect(() => prove('whsec_other')).toThrow(expect.objectContaining(refusal));
    expect(() => prove('whsec_new', header.replace('t=1700000000,', ''))).toThrow(expect.objectContaining(refusal));
  });

  test('is over the bytes as they came, whatever they hold', () => {
    const shopify = hmac({ signatureHeader: 'x-shopify-hmac-sha256', encoding: 'base64' });
    const bytes = Buffer.concat([Buffer.from('{ "a" :  "\\ud83d\\ude00 😀" }\r\n'), Buffer.from([0xff, 0x00])]);
    const signature = createHmac('sha256', 'k').update(bytes).digest('base64');
    const prove = (body: Buffer) =>
      proveCall(shopify, [{ signingKey: 'k' }], { headers: { 'x-shopify-hmac-sha256': signature }, body }, at(0));
    expect(prove(bytes).usedHeaders).toEqual(['x-shopify-hmac-sha256']);
    expect(() => prove(Buffer.from(bytes.toString('utf8')))).toThrow(expect.objectContaining(refusal));
  });

  test('may cover the id that another header brings', () => {
    const proof = hmac({ signedText: '{id}.{body}', messageId: 'X-Id' });
    const signature = createHmac('sha256', 'k').update('m1.{}').digest('hex');
    expect(proveCall(proof, [{ signingKey: 'k' }], call({ 'x-signature': signature, 'x-id': 'm1' }, '{}'), at(0)).messageId).toBeNull();
    expect(() => proveCall(proof, [{ signingKey: 'k' }], call({ 'x-signature': signature, 'x-id': 'm2' }, '{}'), at(0))).toThrow(
      expect.objectContaining(refusal),
    );
  });

  test.each(['', 'sha256=', 'zz', '00'.repeat(32), '00'.repeat(31)])('that is %j is refused', (signature) => {
    expect(() => proveCall(hmac({}), [{ signingKey: 'k' }], call({ 'x-signature': signature }, '{}'), at(0))).toThrow(
      expect.objectContaining(refusal),
    );
  });

  test('made with an empty key is refused, not compared', () => {
    const signature = createHmac('sha256', '').update('{}').digest('hex');
    expect(() => proveCall(hmac({}), [{ signingKey: '' }], call({ 'x-signature': signature }, '{}'), at(0))).toThrow(
      expect.objectContaining(refusal),
    );
  });
});

describe('what is sent as it is', () => {
  const basic = `basic ${Buffer.from('ana:p:ñ').toString('base64')}`;
  test.each([
    ['basic', { username: 'ana', password: 'p:ñ' }, { authorization: basic }],
    ['bearer', { token: 't0ken' }, { authorization: 'BEARER t0ken' }],
    ['header', { name: 'X-Api-Key', value: 'k3y' }, { 'x-api-key': 'k3y' }],
  ] as const)('is compared: %s', (proof, key, headers) => {
    expect(proveCall({ proof }, [key], call(headers), at(0)).usedHeaders).toEqual(Object.keys(headers));
    const wrong = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}x`]));
    for (const given of [wrong, {}])
      expect(() => proveCall({ proof }, [key], call(given), at(0))).toThrow(expect.objectContaining(refusal));
    expect(() => proveCall({ proof }, [], call(headers), at(0))).toThrow(expect.objectContaining(refusal));
    expect(() => proveCall({ proof }, [{}], call(headers), at(0))).toThrow(expect.objectContaining(refusal));
  });
});

test('a trigger whose settings say nothing of a proof is no open door', () => {
  expect(() => readProof({ path: 'x' })).toThrow('proof');
});

test('a key that was changed stays good for as long as that was asked for', () => {
  const secret = { signingKey: 'new', previousKey: 'old', previousUntil: '2026-11-23T10:00:00.000Z' };
  expect(keysOf(secret, new Date('2026-11-23T09:59:59.999Z'))).toEqual([{ signingKey: 'new' }, { signingKey: 'old' }]);
  expect(keysOf(secret, new Date('2026-11-23T10:00:00.000Z'))).toEqual([{ signingKey: 'new' }]);
});
