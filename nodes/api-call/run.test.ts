import type { EgressRequest, EgressResponse } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { describe, expect, test } from 'vitest';
import { apiCall } from './node.ts';
import { runApiCall } from './run.ts';

const call = async (given: object, reply: Partial<EgressResponse>) => {
  const requests: EgressRequest[] = [];
  const { context, log } = effectContext({
    egress: {
      request: async (request) => {
        requests.push(request);
        return { status: 200, headers: {}, body: null, durationMs: 5, ...reply };
      },
    },
  });
  const config = JSON.parse(JSON.stringify(apiCall.config.parse({ url: 'https://shop.test/a', ...given })));
  const outcome = await runApiCall.run({ config, context }).catch((error: unknown) => error);
  return { request: requests[0], outcome, notes: log.notes };
};

describe('what is sent', () => {
  test('JSON, with its type and the caller’s headers', async () => {
    const { request } = await call(
      { method: 'POST', bodyKind: 'json', body: '{"a":1}', headers: { 'X-Shop': '7' }, query: { page: '2' } },
      {},
    );
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://shop.test/a',
      query: { page: '2' },
      body: '{"a":1}',
      isIdempotent: false,
      timeoutMs: 20_000,
      headers: { 'content-type': 'application/json', 'X-Shop': '7' },
    });
  });

  test('a form, encoded', async () => {
    expect((await call({ method: 'POST', bodyKind: 'form', form: { q: 'a&b', n: 'ñ' } }, {})).request).toMatchObject({
      body: 'q=a%26b&n=%C3%B1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  test('no body with GET, and a content type of one’s own', async () => {
    expect((await call({ bodyKind: 'json', body: '{' }, {})).request).not.toHaveProperty('body');
    expect(
      (await call({ method: 'PUT', bodyKind: 'text', text: '<a/>', headers: { 'Content-Type': 'application/xml' } }, {})).request?.headers,
    ).toEqual({ accept: 'application/json, text/*;q=0.9, */*;q=0.5', 'Content-Type': 'application/xml' });
  });

  test('nothing, when the content is no JSON once filled in', async () => {
    const { request, outcome } = await call({ method: 'POST', bodyKind: 'json', body: '{"name": "Ana "the kelp" Lopez"}' }, {});
    expect(request).toBeUndefined();
    expect(outcome).toMatchObject({ code: 'step.config', path: 'body', hint: expect.stringContaining('missing commas') });
  });
});

describe('what must not happen twice', () => {
  test.each([
    ['GET', true],
    ['PUT', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
  ])('%s may be repeated: %s', async (method, isIdempotent) => {
    expect((await call({ method }, {})).request?.isIdempotent).toBe(isIdempotent);
  });

  test('may be repeated under an idempotency key', async () => {
    expect((await call({ method: 'POST', idempotencyHeader: 'Idempotency-Key' }, {})).request).toMatchObject({
      isIdempotent: true,
      headers: { 'Idempotency-Key': 'step_1:' },
    });
    expect((await call({ method: 'GET', idempotencyHeader: 'Idempotency-Key' }, {})).request?.headers).not.toHaveProperty(
      'Idempotency-Key',
    );
  });

  test.each([408, 425])('is tried again after a %i only when it may be repeated', async (status) => {
    expect((await call({ method: 'GET' }, { status })).outcome).toMatchObject({ code: 'upstream.broken' });
    expect((await call({ method: 'POST', idempotencyHeader: 'X-Key' }, { status })).outcome).toMatchObject({ code: 'upstream.broken' });
    expect((await call({ method: 'POST' }, { status })).outcome).toMatchObject({ code: 'upstream.ambiguous' });
    expect((await call({ method: 'PATCH' }, { status })).outcome).toMatchObject({ code: 'upstream.ambiguous' });
  });
});

describe('what comes back', () => {
  test.each([
    [200, 'ok'],
    [204, 'ok'],
    [304, 'ok'],
    [400, 'refused'],
    [404, 'refused'],
    [409, 'refused'],
  ])('%s leaves by %s', async (status, port) => {
    expect((await call({}, { status })).outcome).toMatchObject({ port, output: { status } });
  });

  test('keeps the headers that later steps may need, and no cookies', async () => {
    expect((await call({}, { headers: { 'content-type': 'text/plain', 'set-cookie': 'a=b', etag: '"1"' } })).outcome).toMatchObject({
      output: { headers: { 'content-type': 'text/plain', etag: '"1"' } },
    });
  });
});
