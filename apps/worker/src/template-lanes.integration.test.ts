import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalog } from '@holdfast/nodes/catalog';
import { startManualRun } from '@holdfast/runs';
import type { FlowFile } from '@holdfast/runs/test-world';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { differences, recordedRuns, type RecordedRun } from '@holdfast/test-kit/flows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lanes, testApp, until, type Lane, type TestApp } from './test/test-app.ts';

let shop: HttpService;
beforeAll(async () => {
  shop = await startHttpService();
  shop.on('GET /report', { body: { day: 'Monday', orders: 5, shipped: 4, delayed: [{ id: 'A-1004' }] } });
  shop.on('GET /orders/A-1001', { body: { id: 'A-1001', status: 'shipped', carrier: 'Tide Post', expected: '2026-11-25' } });
});
afterAll(() => shop.close());

const template = async (name: string): Promise<FlowFile> =>
  JSON.parse(await readFile(join(import.meta.dirname, '../../../templates', name, 'flow.json'), 'utf8')) as FlowFile; // templates have a test of their own

async function publish({ world }: TestApp, name: string, lane: Lane): Promise<string> {
  const file = await template(name);
  return (await world.publishFile({ ...file, settings: { ...file.settings, mergeBurst: '0s', lane } })).flowId;
}

/** What a day with the shipped flows brings, in the same order in each lane. */
async function live(app: TestApp, lane: Lane): Promise<RecordedRun[]> {
  const { world } = app;
  const { pool, workspaceId, deps } = world;
  await pool.query(
    `insert into variables (workspace_id, name, value) values ($1, 'demo_orders_url', $2), ($1, 'shop_name', '"Kelp & Co."')`,
    [workspaceId, JSON.stringify(shop.url)],
  );
  const settled = (runs: number) =>
    until(
      async () =>
        (await pool.query(`select status, lane from runs where status in ('ended', 'waiting', 'attention') and lane <> 'handover'`)).rows
          .length,
      (count) => count === runs,
    );
  // The shop is away at first, so that this run needs Temporal in both lanes.
  shop.on('POST /orders', { status: 503 }, { status: 201, body: { id: 'c-1' } });
  const webhook = await publish(app, 'order-webhook', lane);
  for (const [index, total] of [120, 20].entries()) {
    await startManualRun(deps, { workspaceId, flowId: webhook, input: { body: { number: `A-${index}`, total } } });
    await settled(index + 1);
  }
  await startManualRun(deps, { workspaceId, flowId: await publish(app, 'daily-report', lane), input: {} });
  await settled(3);
  await publish(app, 'order-status', lane);
  for (const [index, text] of ['Where is my order A-1001?', 'Where is my order?', 'I want to talk to a human'].entries()) {
    await world.say(`guest-${index}`, text);
    await settled(4 + index);
  }
  await world.say('guest-1', 'A-1001');
  await until(
    async () => (await pool.query(`select 1 from runs where outcome = 'done'`)).rows.length,
    (done) => done === 5,
  );
  return recordedRuns(pool);
}

test('the shipped flows leave the same journals in both lanes', { timeout: 300_000 }, async () => {
  const left = new Map<Lane, RecordedRun[]>();
  for (const lane of lanes) {
    const app = await testApp({ lane });
    left.set(lane, await live(app, lane).finally(app.close));
  }
  const [express = [], temporal = []] = lanes.map((lane) => left.get(lane));
  expect(express).toHaveLength(6);
  expect(differences(catalog, express, temporal)).toEqual([]);
});
