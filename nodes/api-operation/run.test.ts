import type { EgressRequest, JsonObject } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { expect, test } from 'vitest';
import { apiOperation } from './node.ts';
import { runApiOperation } from './run.ts';

const field = (place: string, key: string, more: JsonObject = {}) => ({
  name: `${place}.${key}`,
  title: key,
  type: 'text',
  place,
  keys: key.split('.'),
  ...more,
});
const id = field('path', 'id', { required: true });

async function call(operation: object, values: object, more: object = {}) {
  const requests: EgressRequest[] = [];
  const { context } = effectContext({
    egress: { request: async (request) => (requests.push(request), { status: 200, headers: {}, body: null, durationMs: 5 }) },
    files: {
      read: async (file) => ({
        id: file,
        name: 'a.pdf',
        mimeType: 'application/pdf',
        sizeBytes: 4,
        content: new TextEncoder().encode('%PDF'),
      }),
      save: async () => Promise.reject(new Error('nothing is kept here')),
    },
  });
  const whole = { id: 'x', title: 'X', method: 'POST', path: '/orders/{id}', fields: [], body: 'none', ...operation };
  const given = { operation: whole, server: 'https://shop.test/v1/', ...more };
  // Values as a run fills them in: of any type.
  const config = { ...JSON.parse(JSON.stringify(apiOperation.config.parse(given))), values };
  const outcome = await runApiOperation.run({ config, context }).catch((error: unknown) => error);
  return { request: requests[0], outcome };
}

test('values go where the description says, each of its type', async () => {
  const fields = [
    id,
    field('query', 'state', { style: 'form', explode: false, type: 'json' }),
    field('header', 'X-Tag'),
    field('cookie', 'sid'),
    field('body', 'customer.name'),
    field('body', 'customer.age', { type: 'integer' }),
    field('body', 'isNew', { type: 'boolean' }),
    field('body', '__proto__.polluted'),
    field('body', 'lines', { type: 'json' }),
  ];
  const { request } = await call(
    { fields, body: 'json' },
    {
      'path.id': 7,
      'query.state': ['a', 'b'],
      'header.X-Tag': 'x',
      'cookie.sid': 'a;b',
      'body.customer.name': 'Ana',
      'body.customer.age': '41',
      'body.isNew': 'TRUE',
      'body.__proto__.polluted': 'no',
      'body.lines': { json: '[1]' },
    },
  );
  expect(request).toMatchObject({
    method: 'POST',
    url: 'https://shop.test/v1/orders/7?state=a%2Cb',
    headers: { 'X-Tag': 'x', cookie: 'sid=a%3Bb', 'content-type': 'application/json' },
    isIdempotent: false,
  });
  expect(request?.body).toBe('{"customer":{"name":"Ana","age":41},"isNew":true,"__proto__":{"polluted":"no"},"lines":[1]}');
  expect({}).not.toHaveProperty('polluted');
});

test('what has no value is left out, and without a server the credential’s own is called', async () => {
  const fields = [id, field('query', 'page', { type: 'integer' }), field('body', 'note')];
  const { request } = await call(
    { fields, body: 'json', method: 'PATCH' },
    { 'path.id': 'a', 'query.page': '', 'body.note': null },
    { server: '' },
  );
  expect(request).toMatchObject({ method: 'PATCH', url: 'orders/a' });
  expect(request).not.toHaveProperty('body');
});

test('forms, files and forms with files', async () => {
  const form = await call(
    { fields: [id, field('body', 'a.b'), field('body', 'c', { type: 'json' })], body: 'form' },
    { 'path.id': '1', 'body.a.b': 'x&y', 'body.c': [1, 2] },
  );
  expect(form.request?.body).toBe('a%5Bb%5D=x%26y&c=1&c=2');
  const file = field('body', 'doc', { type: 'file' });
  const whole = await call({ fields: [id, { ...file, name: 'body' }], body: 'file' }, { 'path.id': '1', body: { id: 'file_1' } });
  expect(whole.request).toMatchObject({ headers: { 'content-type': 'application/pdf' }, body: new TextEncoder().encode('%PDF') });
  const parts = await call({ fields: [id, file], body: 'multipart' }, { 'path.id': '1', 'body.doc': 'file_1' });
  expect(Buffer.from(parts.request?.body ?? '').toString()).toContain(
    'name="doc"; filename="a.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF\r\n',
  );
});

test.each([
  ['nothing where something is needed', {}, 'values.path.id'],
  ['an empty text there', { 'path.id': '' }, 'values.path.id'],
  ['a walk through the path', { 'path.id': '..' }, 'values'],
  ['no number', { 'path.id': '1', 'query.page': '1.5' }, 'values.query.page'],
  ['neither true nor false', { 'path.id': '1', 'query.all': 'yes' }, 'values.query.all'],
  ['none of the known words', { 'path.id': '1', 'query.state': 'lost' }, 'values.query.state'],
  ['no JSON', { 'path.id': '1', 'query.filter': { json: '{' } }, 'values.query.filter'],
])('nothing is sent with %s', async (_name, values, path) => {
  const fields = [
    id,
    field('query', 'page', { type: 'integer' }),
    field('query', 'all', { type: 'boolean' }),
    field('query', 'state', { enum: ['open'] }),
    field('query', 'filter', { type: 'json' }),
  ];
  const { request, outcome } = await call({ fields }, values);
  expect(request).toBeUndefined();
  expect(outcome).toMatchObject({ code: 'step.config', path });
});
