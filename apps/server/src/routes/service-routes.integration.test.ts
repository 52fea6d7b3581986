import { startCanary, startHttpService, type Canary, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let docs: HttpService;
let canary: Canary;
beforeAll(async () => {
  [docs, canary] = await Promise.all([startHttpService(), startCanary()]);
  server = await startTestServer({ environment: { HOLDFAST_EGRESS_ALLOW: `${docs.host}:${docs.port}` } });
});
afterAll(() => Promise.all([server.close(), docs.close(), canary.close()]));

const shop = (more: object = {}) => ({
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'https://api.shop.example/v1' }],
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'getOrder',
        summary: 'Read an order',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      },
      ...more,
    },
  },
});
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const asBytes = { 'content-type': 'application/octet-stream' };
const upload = (document: unknown) => server.owner.call('POST', '/api/services', bytes(document), asBytes);

let shopId = '';
test('a document becomes operations, each with the step that calls it', async () => {
  const { status, body } = await upload(shop());
  expect(status).toBe(201);
  shopId = body.id;
  expect(body).toMatchObject({
    kind: 'openapi',
    name: 'Shop',
    serverUrl: 'https://api.shop.example/v1',
    operations: [{ id: 'getOrder', title: 'Read an order' }],
    usedBy: [],
  });
  const credential = (await server.owner.call('POST', '/api/credentials', { name: 'Key', kind: 'bearer', secret: { token: 'x' } })).body.id;
  const changed = await server.owner.call('PATCH', `/api/services/${body.id}`, { name: 'Our shop', credential });
  expect(changed.body).toMatchObject({ name: 'Our shop', credential });
  const operation = await server.owner.call('GET', `/api/services/${body.id}/operations/getOrder`);
  expect(operation.body).toMatchObject({
    input: [{ name: 'path.id', type: 'text', required: true }],
    node: {
      type: 'api-operation',
      config: { service: body.id, server: 'https://api.shop.example/v1', credential, operation: { method: 'GET', path: '/orders/{id}' } },
    },
  });
  expect((await server.owner.call('GET', `/api/services/${body.id}/operations/none`)).status).toBe(404);
  expect((await server.owner.call('PATCH', `/api/services/${body.id}`, { credential: 'cred_gone' })).body).toMatchObject({
    path: 'credential',
  });
});

test('the ready step calls the service with values of the run, each in its place', async () => {
  docs.on('/v1/orders/a%2F..%2Fb', { body: { state: 'shipped' } });
  await server.owner.call('PATCH', `/api/services/${shopId}`, { serverUrl: `${docs.url}/v1`, credential: null });
  const { node } = (await server.owner.call('GET', `/api/services/${shopId}/operations/getOrder`)).body;
  const flow = (await server.owner.call('POST', '/api/flows', { name: 'Try' })).body;
  const config = { ...node.config, values: { 'path.id': '{{ trigger.id }}' } };
  const file = { ...flow.draft, nodes: [{ ...node, id: 'order', name: 'Order', position: { x: 0, y: 0 }, config }], edges: [] };
  const tried = await server.owner.call('POST', `/api/flows/${flow.id}/try`, { file, node: 'order', scope: { trigger: { id: 'a/../b' } } });
  expect(tried.body).toMatchObject({ port: 'ok', output: { status: 200, body: { state: 'shipped' } } });
  const empty = await server.owner.call('POST', `/api/flows/${flow.id}/try`, { file, node: 'order', scope: { trigger: {} } });
  expect(empty.body).toMatchObject({ problem: { code: 'step.config', path: 'values.path.id' } });
});

test('what is no description is refused in words, and nobody but builders imports', async () => {
  expect(await upload('')).toMatchObject({ status: 422, body: { code: 'service.document', detail: expect.stringContaining('empty') } });
  const operator = await server.withKey('operator');
  expect((await operator.call('POST', '/api/services', bytes(shop()), asBytes)).status).toBe(403);
  expect((await operator.call('GET', '/api/services')).status).toBe(200);
});

test('a newer document shows what it changes before it takes the place of the old one', async () => {
  const id = shopId;
  const newer = shop({
    delete: { summary: 'Cancel an order', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] },
  });
  const replace = (apply: boolean, document: unknown) =>
    server.owner.call('PUT', `/api/services/${id}/document?apply=${apply}`, bytes(document), asBytes);
  expect((await replace(false, newer)).body).toEqual({ isSame: false, added: ['Cancel an order'], removed: [], changed: [] });
  await replace(true, newer);
  const { items } = (await server.owner.call('GET', '/api/services')).body;
  expect(items.find((each: { id: string }) => each.id === id).operations).toHaveLength(2);
  const { items: acts } = (await server.owner.call('GET', '/api/audit')).body;
  expect(acts.map((act: { action: string }) => act.action)).toContain('service.replaced');
});

test('a service that a flow uses stays', async () => {
  const id = shopId;
  const { node } = (await server.owner.call('GET', `/api/services/${id}/operations/getOrder`)).body;
  const flow = (await server.owner.call('POST', '/api/flows', { name: 'Orders' })).body;
  const step = { ...node, id: 'order', name: 'Order', position: { x: 0, y: 0 } };
  const save = (nodes: unknown[], revision: number) =>
    server.owner.call('PUT', `/api/flows/${flow.id}/draft`, { file: { ...flow.draft, nodes, edges: [] }, revision });
  const saved = await save([step], 1);
  expect(saved.status).toBe(200);
  expect(await server.owner.call('DELETE', `/api/services/${id}`)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('"Orders"') },
  });
  await save([], saved.body.revision);
  expect((await server.owner.call('DELETE', `/api/services/${id}`)).status).toBe(200);
});

const fetchFrom = (url: string) => server.owner.call('POST', '/api/services/from-address', { url });

test('a document is fetched by the rules of flows', async () => {
  docs.on('/openapi.json', { body: shop({ put: { parameters: [{ $ref: `${canary.url}/x.json#/y` }] } }) });
  docs.on('/elsewhere', { status: 302, headers: { location: `${canary.url}/openapi.json` } });
  docs.on('/missing', { status: 404, body: 'no' });
  const { status, body } = await fetchFrom(`${docs.url}/openapi.json`);
  expect([status, body.sourceUrl]).toEqual([201, `${docs.url}/openapi.json`]);
  expect(body).toMatchObject({ operations: [{ id: 'getOrder' }], notes: [expect.stringContaining('nothing is fetched')] });
  expect((await server.owner.call('POST', `/api/services/${body.id}/fetch`, {})).body).toMatchObject({ isSame: true });
  expect((await fetchFrom(`${docs.url}/missing`)).body).toMatchObject({ code: 'service.document', detail: expect.stringContaining('404') });
  for (const url of [
    `${docs.url}/elsewhere`,
    `${canary.url}/openapi.json`,
    `http://localhost:${canary.port}/`,
    'http://169.254.169.254/latest/meta-data',
  ])
    expect((await fetchFrom(url)).body).toMatchObject({ code: 'egress.blocked' });
  expect((await fetchFrom('file:///etc/passwd')).status).toBe(400);
  expect(canary.touches).toBe(0);
});
