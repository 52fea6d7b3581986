import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let flow: string;
beforeAll(async () => {
  server = await startTestServer();
  const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: 'Stock' })).body;
  const node = (name: string, type: string, config: object) => ({ id: name, type, typeVersion: 1, name, config, position: { x: 0, y: 0 } });
  const nodes = [
    node('start', 'channel-trigger', {}),
    node('call', 'api-call', { url: 'https://shop.example' }),
    node('say', 'send-message', { text: 'x' }),
  ];
  await server.owner.call('PUT', `/api/flows/${id}/draft`, { file: { ...draft, nodes, edges: [] }, revision: 1 });
  flow = id;
});
afterAll(() => server.close());

const set = (node: string, fault: string | null, contact = 'Ana') =>
  server.owner.call('PUT', `/api/flows/${flow}/faults`, { contact, node, fault });
const get = async (contact = 'Ana') => (await server.owner.call('GET', `/api/flows/${flow}/faults?contact=${contact}`)).body.faults;

test('a step’s calls are let fail for one customer of the simulator, and go out again', async () => {
  expect((await set('call', 'limited')).body).toEqual({ faults: { call: 'limited' } });
  expect((await set('call', 'hang')).body).toEqual({ faults: { call: 'hang' } });
  expect(await get('Luis')).toEqual({});
  expect((await set('call', null)).body).toEqual({ faults: {} });
});

test('what calls no service, or is no fault, is refused', async () => {
  for (const node of ['say', 'start', 'never-was'])
    expect(await set(node, 'broken')).toMatchObject({ status: 400, body: { code: 'request.invalid', path: 'node' } });
  expect((await set('call', 'explode')).status).toBe(400);
  const viewer = await server.withKey('viewer');
  expect((await viewer.call('PUT', `/api/flows/${flow}/faults`, { contact: 'Ana', node: 'call', fault: 'broken' })).status).toBe(403);
  expect(await get()).toEqual({});
});

test('starting over takes them back, for this customer alone', async () => {
  const { conversation } = (await server.owner.call('POST', '/api/simulator/messages', { contact: 'Mei', text: 'hello' })).body;
  for (const contact of ['Mei', 'Tom']) await set('call', 'broken', contact);
  expect((await server.owner.call('POST', '/api/simulator/reset', { conversation })).status).toBe(200);
  expect(await get('Mei')).toEqual({});
  expect(await get('Tom')).toEqual({ call: 'broken' });
});
