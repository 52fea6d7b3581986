import { claimWatches, newId, planWatches } from '@holdfast/db';
import { startGoogleSheetsFake, type GoogleSheetsFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TriggerDeps } from '../deps.ts';
import { triggerWorld, type TriggerWorld } from '../test/trigger-world.ts';
import { lookAtSheet } from './look-at-sheet.ts';

let world: TriggerWorld;
let sheets: GoogleSheetsFake;
let credential: string;
let spreadsheet: string;
let count = 0;
beforeAll(async () => {
  world = await triggerWorld();
  // For its limits no time passes.
  sheets = await startGoogleSheetsFake({ now: () => 1_000_000 });
});
afterAll(async () => {
  await sheets.close();
  await world.close();
});
beforeEach(async () => {
  count += 1;
  spreadsheet = `spreadsheet-${count}`;
  sheets.oauth.accessTokens.add('good');
  sheets.manner({ perMinute: 0 });
  credential = await addAccount('good');
  grid().push(['Order', 'Status'], ['1001', 'open'], ['1002', 'open']);
  return async () => {
    await world.pool.query('update flows set archived_at = now()');
    await world.pool.query('delete from alerts');
  };
});

const addAccount = (token: string): Promise<string> =>
  world.addCredential('google-service-account', {
    secret: { key: '{}' },
    open: { apiUrl: `${sheets.url}/`, baseUrl: sheets.url, provider: `google-sheets:${count}-${token}`, secret: { token } },
  });
const grid = () => sheets.sheet(spreadsheet);
const watch = async (config: object = {}): Promise<string> => {
  const flow = await world.publish('google-sheets-trigger', { credential, spreadsheet, keyColumn: 'Order', startWhen: 'both', ...config });
  await world.look();
  return flow;
};
const found = async (flow: string): Promise<string[]> =>
  (await world.inputs(flow)).map(({ change, row, values }) => `${change} ${row}: ${Object.values(values).join(' ')}`);
let versions = 0;
async function publishAgain(flow: string, change: object): Promise<void> {
  versions += 1;
  const id = `version-${versions}`;
  await world.pool.query(
    `insert into versions (flow_id, id, workspace_id, number, file) select flow_id, $2, workspace_id, $3, file from versions where flow_id = $1 limit 1`,
    [flow, id, versions + 1],
  );
  await world.pool.query(`update triggers set version_id = $2, config = config || $3 where flow_id = $1`, [
    flow,
    id,
    JSON.stringify(change),
  ]);
}
const problem = async (flow: string) =>
  (await world.pool.query('select problem from sheet_watches where flow_id = $1', [flow])).rows[0]?.problem;

test('rows that are there are known; each new or changed one starts one run, and what is moved, sorted or deleted starts none', async () => {
  const flow = await watch();
  expect(await found(flow)).toEqual([]);
  grid().push(['1003', 'open']);
  grid()[1] = ['1001', 'packed'];
  await world.look();
  await world.look();
  expect(await found(flow)).toEqual(['changed 2: 1001 packed', 'new 4: 1003 open']);
  const [head = [], ...rows] = grid();
  grid().splice(0, grid().length, head, ...rows.toReversed().slice(0, 2));
  await world.look();
  grid().push(rows[0] ?? []);
  await world.look();
  expect(await found(flow)).toHaveLength(2);
  expect((await world.inputs(flow))[0]).toMatchObject({ key: '1001', sheet: '', values: { Order: '1001', Status: 'packed' } });
});

test('without a key rows are known by what stands in them; only what is asked for starts a run, and the rows that are there if asked', async () => {
  const flow = await watch({ keyColumn: '', startWhen: 'new', existing: 'start' });
  expect(await found(flow)).toEqual(['new 2: 1001 open', 'new 3: 1002 open']);
  grid()[1] = ['1001', 'packed'];
  grid().push([], ['1003', 'open']);
  await world.look();
  expect(await found(flow)).toEqual(['new 2: 1001 open', 'new 3: 1002 open', 'new 5: 1003 open']);
});

test('a column that is renamed starts nothing: people are told once, and it goes on when the name is back', async () => {
  const flow = await watch();
  grid()[0] = ['Order', 'State'];
  grid().push(['1003', 'open']);
  await world.look();
  await world.look();
  expect(await problem(flow)).toMatchObject({ code: 'trigger.columns', detail: expect.stringContaining('"Status"') });
  expect(await world.alerts()).toEqual(['The columns of a watched sheet have changed']);
  expect(await found(flow)).toEqual([]);
  grid()[0] = ['Order', 'Status'];
  await world.look();
  expect(await found(flow)).toEqual(['new 4: 1003 open']);
  expect(await problem(flow)).toBeNull();
});

test('a renamed column is taken as it is when the flow is published again; one that is added counts from then on', async () => {
  const flow = await watch();
  grid()[0] = ['Order', 'State'];
  await world.look();
  await publishAgain(flow, {});
  // The watch is forgotten, and then made anew.
  await planWatches(world.pool);
  await world.look();
  expect(await problem(flow)).toBeNull();
  grid().splice(0, 3, ['Order', 'Note', 'State'], ['1001', '', 'open'], ['1002', 'ring', 'open']);
  await world.look();
  expect(await found(flow)).toEqual([]);
  grid()[1] = ['1001', 'ring twice', 'open'];
  await world.look();
  expect(await world.inputs(flow)).toMatchObject([{ change: 'changed', values: { Order: '1001', Note: 'ring twice', State: 'open' } }]);
});

test('what is too much for one look is started by the next ones, each row once', async () => {
  const flow = await watch();
  for (let number = 2_000; number < 2_025; number += 1) grid().push([String(number), 'open']);
  const seen: number[] = [];
  for (let looks = 0; looks < 4; looks += 1) {
    await world.look({ pace: { rowsPerLook: 10 } });
    seen.push((await found(flow)).length);
  }
  expect(seen).toEqual([10, 20, 25, 25]);
  expect(new Set(await found(flow)).size).toBe(25);
});

test('of two processes one looks, and one that was killed amid its look loses nothing and starts nothing twice', async () => {
  const flow = await watch();
  grid().push(['1003', 'open']);
  const killed = newId('process');
  await world.pool.query('update sheet_watches set poll_at = now()');
  const [held] = await claimWatches(world.pool, { process: killed, limit: 1, forSeconds: 600 });
  await world.look();
  expect(await found(flow)).toEqual([]);
  await world.pool.query(`insert into leases (process, kind, seen_at) values ($1, 'server', now() - interval '6 s')`, [killed]);
  await world.look();
  expect(await found(flow)).toEqual(['new 4: 1003 open']);
  // It was only frozen, and goes on with what it had read.
  if (!held) throw new Error('Nothing was claimed.');
  await lookAtSheet(world.deps, held);
  expect(await found(flow)).toHaveLength(1);
});

test('a row that is inserted between two pieces of a large sheet moves others, which start nothing', async () => {
  const pace = { rowsPerRead: 5 };
  for (let number = 2_000; number < 2_012; number += 1) grid().push([String(number), 'open']);
  const flow = await world.publish('google-sheets-trigger', { credential, spreadsheet, startWhen: 'new' });
  await world.look({ pace });
  const { egressFor } = world.deps;
  let reads = 0;
  const deps: TriggerDeps = {
    ...world.deps,
    pace: { ...world.deps.pace, ...pace },
    egressFor: (workspace) => ({
      request: (request) => {
        reads += 1;
        if (reads === 2) grid().splice(1, 0, ['1000', 'open']);
        return egressFor(workspace).request(request);
      },
    }),
  };
  await world.pool.query('update sheet_watches set poll_at = now()');
  const [due] = await claimWatches(world.pool, { process: newId('process'), limit: 1, forSeconds: 600 });
  if (!due) throw new Error('Nothing was claimed.');
  await lookAtSheet(deps, due);
  await world.look({ pace });
  expect(await found(flow)).toEqual(['new 2: 1000 open']);
});

test('Google’s limit is waited for, and a sheet that may not be read is told of', async () => {
  const flow = await watch();
  sheets.manner({ perMinute: 1 });
  for (let looks = 0; looks < 2; looks += 1) await world.look();
  expect(await problem(flow)).toMatchObject({ code: 'upstream.limited' });
  sheets.manner({ perMinute: 0 });
  // Of two flows that watch one sheet, one is looked at in a round.
  spreadsheet = `${spreadsheet}-other`;
  credential = await addAccount('withdrawn');
  const unread = await watch();
  for (let looks = 0; looks < 4; looks += 1) await world.look();
  expect(await problem(unread)).toMatchObject({ code: 'upstream.unauthorized' });
  expect(await world.alerts()).toEqual(['A watched sheet can’t be read']);
});

test('a flow that is published amid a look is looked at again at once, and what it asks for anew begins with the rows that are there', async () => {
  const flow = await watch({ startWhen: 'new' });
  grid().push(['1003', 'open']);
  await world.pool.query('update sheet_watches set poll_at = now()');
  const [due] = await claimWatches(world.pool, { process: newId('process'), limit: 1, forSeconds: 600 });
  if (!due) throw new Error('Nothing was claimed.');
  await publishAgain(flow, {});
  await lookAtSheet(world.deps, due);
  expect(await found(flow)).toEqual([]);
  await world.look();
  expect(await found(flow)).toEqual(['new 4: 1003 open']);
  await publishAgain(flow, { startWhen: 'both' });
  for (let looks = 0; looks < 3; looks += 1) await world.look();
  expect(await found(flow)).toHaveLength(1);
});
