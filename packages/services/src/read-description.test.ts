import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { readDescription } from './read-description.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const from = { sourceUrl: 'https://api.example.com/docs/openapi.yaml' };

const shop = `
openapi: 3.1.0
info: { title: Shop, version: '2' }
servers:
  - { url: '/v{major}/', variables: { major: { default: '2' } } }
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
    get:
      operationId: getOrder
      summary: Read an order
      tags: [Orders]
      parameters:
        - { name: filter, in: query, style: deepObject, schema: { type: object, additionalProperties: true } }
        - { name: fields, in: query, explode: false, schema: { type: array, items: { type: string } } }
        - { name: Authorization, in: header, schema: { type: string } }
      responses:
        '200':
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Order' }
    patch:
      summary: Change an order
      servers: [{ url: '/v2/' }, { url: 'https://writes.example.com/' }]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Order' }
      responses: { '204': { description: Done } }
    delete:
      parameters: [{ $ref: 'https://elsewhere.example.com/parameters.yaml#/x' }]
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
  schemas:
    Order:
      allOf:
        - type: object
          required: [customer]
          properties:
            id: { type: string, readOnly: true }
            state: { type: [string, 'null'], enum: [open, shipped, null] }
        - properties:
            customer:
              type: object
              required: [name]
              properties:
                name: { type: string, example: Ana }
                age: { type: integer }
            lines: { type: array, items: { type: object, properties: { sku: { type: string } } } }
            parent: { $ref: '#/components/schemas/Order' }
`;

test('operations are read with their fields, objects taken apart, circles as JSON', async () => {
  const read = await readDescription(bytes(shop), from);
  expect(read).toMatchObject({
    kind: 'openapi',
    name: 'Shop',
    version: '2',
    servers: [{ url: 'https://api.example.com/v2/' }],
    security: [{ name: 'key', kinds: ['header'] }],
  });
  const [get, patch] = read.operations;
  expect(get).toMatchObject({ id: 'getOrder', title: 'Read an order', group: 'Orders' });
  expect(get?.input.map(({ name, type, required }) => [name, type, required])).toEqual([
    ['path.id', 'text', true],
    ['query.filter', 'json', false],
    ['query.fields', 'json', false],
  ]);
  expect(get?.node.config).toMatchObject({
    operation: {
      fields: [{}, { style: 'deepObject' }, { style: 'form', explode: false }],
      // What staff see when they choose a value of the answer.
      response: { type: 'object', properties: { customer: { properties: { name: { type: 'string', example: 'Ana' } } } } },
    },
  });
  expect(get?.node.config).not.toHaveProperty('server');
  expect(patch?.node.config['server']).toBe('https://writes.example.com/');
  expect(patch?.id).toBe('PATCH /orders/{id}');
  expect(patch?.input.filter(({ place }) => place === 'body').map(({ name, type, required }) => [name, type, required])).toEqual([
    ['body.state', 'text', false],
    ['body.customer.name', 'text', true],
    ['body.customer.age', 'integer', false],
    ['body.lines', 'json', false],
    ['body.parent', 'json', false],
  ]);
});

test('an operation that refers to another document is left out, and it says so', async () => {
  const read = await readDescription(bytes(shop), from);
  expect(read.operations.map(({ id }) => id)).toEqual(['getOrder', 'PATCH /orders/{id}']);
  expect(read.notes).toEqual([expect.stringContaining('https://elsewhere.example.com')]);
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const bomb = names
  .map(
    (name, index) =>
      `${name}: &${name} [${Array(9)
        .fill(index === 0 ? 'x' : `*${names[index - 1]}`)
        .join(',')}]`,
  )
  .join('\n');
test.each([
  ['nothing', '', /empty/],
  ['no YAML', 'a: [1', /neither JSON nor YAML/],
  ['no JSON', '{"a": 1', /not JSON/],
  ['another kind of page', 'hello there', /no object/],
  ['Swagger 2', '{"swagger": "2.0"}', /Swagger 2\.0/],
  ['XML', '<html></html>', /XML/],
  ['no operations', '{"openapi": "3.0.3", "paths": {}}', /no operation/],
  ['aliases of aliases', bomb, /alias/i],
  ['depth', '['.repeat(20_000), /JSON|YAML/],
])('is refused in words: %s', async (_name, text, words) => {
  await expect(readDescription(bytes(text), from)).rejects.toMatchObject({
    code: 'service.document',
    detail: expect.stringMatching(words),
  });
});

test('more than 5 MB is not looked at', async () => {
  await expect(readDescription(new Uint8Array(5_000_001), from)).rejects.toMatchObject({ detail: expect.stringContaining('5 MB') });
});

test('two documents are read at once, and others wait: each takes a thread and its memory', async () => {
  const alive = new Set<Worker>();
  let most = 0;
  const count = (worker: Worker) => {
    most = Math.max(most, alive.add(worker).size);
    worker.once('exit', () => alive.delete(worker));
  };
  process.on('worker', count);
  const documents = Array.from({ length: 5 }, (_, nth) => `{ "openapi": "3.1.0", "info": { "title": "S${nth}" }, "paths": {} }`);
  const read = await Promise.allSettled(documents.map((text) => readDescription(new TextEncoder().encode(text), { sourceUrl: null })));
  process.off('worker', count);
  expect(read.map(({ status }) => status)).toHaveLength(5);
  expect(most).toBe(2);
});
