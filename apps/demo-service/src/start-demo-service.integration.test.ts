import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoService, type DemoService } from './start-demo-service.ts';

let service: DemoService;
beforeAll(async () => {
  service = await startDemoService({ now: () => new Date('2026-11-23T12:00:00Z') });
});
afterAll(async () => service.stop());

const get = async (path: string) => {
  const response = await fetch(`${service.url}${path}`);
  return { status: response.status, body: await response.json() };
};
const post = async (body: string, key = '') => {
  const response = await fetch(`${service.url}/orders`, { method: 'POST', body, headers: key === '' ? {} : { 'idempotency-key': key } });
  return { status: response.status, body: await response.json() };
};

test('knows an order by its number, in capitals or not', async () => {
  expect(await get('/orders/a-1001')).toMatchObject({ status: 200, body: { id: 'A-1001', status: 'shipped', arrives: '2026-11-25' } });
});

test('answers 404 for an order that it does not have', async () => {
  expect(await get('/orders/Z-9')).toMatchObject({ status: 404 });
  expect(await get('/orders/%zz')).toMatchObject({ status: 404 });
});

test('is busy twice for A-1003 before it answers, every time anew', async () => {
  const statuses = [];
  for (let call = 0; call < 6; call += 1) statuses.push((await get('/orders/A-1003')).status);
  expect(statuses).toEqual([503, 503, 200, 503, 503, 200]);
});

test('confirms an order once for each idempotency key', async () => {
  const first = await post('{"sku":"KELP-1"}', 'k1');
  expect(first).toMatchObject({ status: 201, body: { status: 'received', order: { sku: 'KELP-1' } } });
  expect(await post('{"sku":"KELP-1"}', 'k1')).toEqual({ status: 200, body: first.body });
  expect((await post('{"sku":"KELP-1"}')).body).not.toEqual(first.body);
});

test('refuses what is no JSON object and what is too large', async () => {
  expect((await post('[1]')).status).toBe(400);
  expect((await post('x'.repeat(70_000))).status).toBe(413);
});

test('gives way to a free port when its own is taken', async () => {
  const other = await startDemoService({ port: service.port });
  expect(other.port).not.toBe(service.port);
  await other.stop();
});
