import { createPool, createTogether, type Pool, type Together } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { EgressRequest, JsonObject, Outcome } from '@holdfast/node-kit';
import { testDatabase } from '@holdfast/test-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { startGoogleSheetsFake, type GoogleSheetsFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { googleSheets } from './node.ts';
import { runGoogleSheets } from './run.ts';

const spreadsheet = '1AbCdEfGhIjKlMnOp';
let database: Awaited<ReturnType<typeof testDatabase>>;
let pools: Pool[];
let egress: Egress;
let google: GoogleSheetsFake;
/** Each append's connection and what it wrote. */
const appends: { credential: string; rows: string[] }[] = [];
/** What two worker processes have. */
let processes: Together[];
beforeAll(async () => {
  database = await testDatabase();
  pools = [createPool(database.url, { max: 2, connectTimeoutMs: 60_000 }), createPool(database.url, { max: 2, connectTimeoutMs: 60_000 })];
  processes = pools.map((pool) => createTogether(pool));
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(async () => {
  await egress.close();
  for (const pool of pools) await pool.end();
  await database.close();
});
beforeEach(async () => {
  google = await startGoogleSheetsFake();
  for (const token of ['token-1', 'token-2']) google.oauth.accessTokens.add(token);
  appends.length = 0;
  google.sheet(spreadsheet).push(['Order', 'Customer', 'Total']);
  return () => google.close();
});

interface Step {
  id: string;
  config: JsonObject;
  process?: number;
  /** How long an append is waited for. */
  patienceMs?: number;
}

/** One attempt of one step. */
function attempt({ id, config, process = 0, patienceMs }: Step): Promise<Outcome> {
  const resolvedCredential = {
    kind: 'google',
    baseUrl: google.url,
    apiUrl: `${google.url}/`,
    allowedHosts: [],
    secret: { token: config['credential'] === 'cred_2' ? 'token-2' : 'token-1' },
  };
  const { context } = effectContext({
    idempotencyKey: id,
    together: ({ key, batch }, item, work) => {
      const together = processes[process] ?? (async () => Promise.reject(new Error('No such process.')));
      return together(key, item, work, { batch });
    },
    egress: {
      request: (request: EgressRequest) => {
        if (request.url.includes(':append')) appends.push({ credential: resolvedCredential.secret.token, rows: firstCells(request.body) });
        const patience = patienceMs !== undefined && request.url.includes(':append') ? { timeoutMs: patienceMs } : {};
        return egress.request({ ...request, ...patience, resolvedCredential });
      },
    },
  });
  const { values = {}, ...rest } = config;
  // A value that is one expression keeps its kind, so that a filled-in config holds numbers too.
  const filled = { ...googleSheets.config.parse({ credential: 'cred_1', spreadsheet, ...rest }), values };
  return runGoogleSheets.run({ config: filled, context });
}

/** Of the rows that an append writes. */
const firstCells = (body: EgressRequest['body']): string[] =>
  (JSON.parse(String(body)) as { values: string[][] }).values.map(([first = '']) => first); // as: our own client wrote it

/** As the node's policy repeats it, without the pauses. */
async function run(step: Step): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(step);
    } catch (error) {
      if (tries === 40 || !(error instanceof HoldfastError) || error.meaning.retry !== 'later') throw error;
    }
  }
}

const grid = () => google.sheet(spreadsheet);
const order = (id: string, more: JsonObject = {}) => ({ operation: 'append', values: { Order: id, Customer: 'Amina' }, ...more });

describe('rows from 20 runs at a time, in two processes', () => {
  test.each([
    [1_000, 'a column of ours', {}],
    [200, 'their own order numbers', { uniqueColumn: 'Order' }],
  ])('are there, each once, though every fifth write goes wrong: %i, known by %s', async (count, _name, more) => {
    google.manner({ faultEvery: 5, faults: ['cut-after', 'vanish', 'limited', 'server-error', 'cut-before'] });
    const ids = Array.from({ length: count }, (_, index) => `A-${index}`);
    const waiting = [...ids];
    const oneAfterAnother = async (process: number): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
        await run({ id: `step_${id}`, config: order(id, more), process });
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => oneAfterAnother(index % 2)));
    const written = grid()
      .slice(1)
      .map(([id]) => String(id));
    expect(written.toSorted()).toEqual(ids.toSorted());
    expect(google.counts.writes, 'many rows go together').toBeLessThan(count);
  });
});

describe('a row', () => {
  test('whose answer never came is looked for before it is added again', async () => {
    google.manner({ faultEvery: 2, faults: ['hang'] });
    const step = { id: 'step_1', config: order('A-1'), patienceMs: 1_500 };
    await expect(attempt(step)).rejects.toMatchObject({ code: 'upstream.timeout', retryAfterMs: 30_000 });
    expect(await attempt(step)).toMatchObject({ port: 'done', output: { row: 2, wasThere: true } });
    expect(grid()).toHaveLength(2);
  });

  test('is written as it is: no number is made of a phone number, and no formula of a text', async () => {
    await run({
      id: 'step_1',
      config: order('007', { values: { Order: '007', Customer: '=HYPERLINK("http://evil.example")', Total: 12.5 } }),
    });
    expect(grid()[1]?.slice(0, 3)).toEqual(['007', '=HYPERLINK("http://evil.example")', 12.5]);
    expect(grid()[0]).toEqual(['Order', 'Customer', 'Total', 'Holdfast ID']);
  });

  test('begins an empty sheet with the names of its columns', async () => {
    grid().length = 0;
    await run({ id: 'step_1', config: order('A-1') });
    expect(grid()).toEqual([
      ['Order', 'Customer', 'Holdfast ID'],
      ['A-1', 'Amina', 'step_1'],
    ]);
  });

  test('for a column that there is not is refused by name, and the others are written', async () => {
    const others = ['A-1', 'A-2'].map((id) => run({ id: `step_${id}`, config: order(id) }));
    const refused = run({ id: 'step_x', config: { ...order('A-3'), values: { Order: 'A-3', Sum: '5' } } });
    await expect(refused).rejects.toMatchObject({
      code: 'step.config',
      detail: expect.stringContaining('"Sum". It has: Order, Customer, Total'),
    });
    await Promise.all(others);
    expect(
      grid()
        .slice(1)
        .map(([id]) => String(id))
        .toSorted(),
    ).toEqual(['A-1', 'A-2']);
  });

  test('that Google refuses is refused alone, and those that went in one call with it are written', async () => {
    const tooLong = { values: { Order: 'A-7', Customer: 'x'.repeat(50_001) } };
    const ids = Array.from({ length: 20 }, (_, index) => `A-${index}`);
    const outcomes = async (configOf: (id: string) => JsonObject) =>
      Promise.allSettled(ids.map((id) => attempt({ id: `step_${id}`, config: configOf(id) })));
    const refused = ids.map((id) => (id === 'A-7' ? { reason: { code: 'upstream.refused' } } : { status: 'fulfilled' }));
    expect(await outcomes((id) => order(id, id === 'A-7' ? tooLong : {}))).toMatchObject(refused);
    expect(grid()).toHaveLength(20);
    grid().push(['A-7', 'Amina']);
    const change = { operation: 'update', keyColumn: 'Order', values: { Customer: 'Brian' } };
    expect(
      await outcomes((keyValue) => ({
        ...change,
        keyValue,
        ...(keyValue === 'A-7' ? { values: { Customer: tooLong.values.Customer } } : {}),
      })),
    ).toMatchObject(refused);
    expect(grid().filter(([, customer]) => customer === 'Brian')).toHaveLength(19);
  });

  test('is found, changed, and added when it is not there', async () => {
    grid().push(['A-1', 'Amina', 12], ['A-2', 'Brian', 30]);
    const keyed = { keyColumn: 'order', keyValue: 'A-2' };
    expect(await run({ id: 's1', config: { operation: 'read', ...keyed } })).toMatchObject({
      output: { row: 3, values: { Customer: 'Brian' } },
    });
    expect(await run({ id: 's2', config: { operation: 'update', ...keyed, values: { Total: 31 } } })).toMatchObject({ output: { row: 3 } });
    expect(
      await run({ id: 's3', config: { operation: 'update', keyColumn: 'Order', keyValue: 'A-9', values: { Total: 1 } } }),
    ).toMatchObject({ port: 'missing' });
    const upsert = { operation: 'upsert', keyColumn: 'Order', keyValue: 'A-9', values: { Total: 1 } };
    expect(await run({ id: 's4', config: upsert })).toMatchObject({ output: { row: 4, wasThere: false } });
    expect(await run({ id: 's5', config: upsert })).toMatchObject({ output: { row: 4, wasThere: true } });
    expect(
      grid()
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ['A-1', 'Amina', 12],
      ['A-2', 'Brian', 31],
      ['A-9', '', 1],
    ]);
  });

  test('that two flows add at once to one sheet, which one of them calls the first and the other by its name, is there once', async () => {
    const keyed = Array.from({ length: 10 }, (_, index) => order(`A-${index}`, { uniqueColumn: 'Order' }));
    await Promise.all(
      keyed.flatMap((config, index) => [
        run({ id: `s_${index}`, config }),
        run({ id: `t_${index}`, config: { ...config, sheet: 'Sheet1' }, process: 1 }),
      ]),
    );
    expect(grid()).toHaveLength(11);
  });

  test('in a spreadsheet that is not there or not shared is a matter for a person', async () => {
    await expect(attempt({ id: 's1', config: { ...order('A-1'), spreadsheet: '1ZzZzZzZzZzZz' } })).rejects.toMatchObject({
      code: 'upstream.refused',
    });
    await expect(attempt({ id: 's2', config: { ...order('A-1'), sheet: 'Tab 9' } })).rejects.toMatchObject({
      hint: expect.stringContaining('"Tab 9"'),
    });
  });
});

test('rows of different connections are written each with its own, by one writer', async () => {
  const orders = ['A-1', 'A-2', 'B-1', 'A-3', 'B-2'];
  await Promise.all(
    orders.map((id) => run({ id: `step_${id}`, config: order(id, { credential: id.startsWith('A') ? 'cred_1' : 'cred_2' }) })),
  );
  expect(
    grid()
      .slice(1)
      .map(([id]) => id),
  ).toHaveLength(5);
  for (const { credential, rows } of appends)
    expect(rows.map((id) => (id.startsWith('A') ? 'token-1' : 'token-2'))).toEqual(rows.map(() => credential));
});

test('what waits for one row is written as if one came after the other', async () => {
  const upsert = (id: string, values: JsonObject) =>
    run({ id, config: { operation: 'upsert', keyColumn: 'Order', keyValue: 'A-1', values } });
  await Promise.all([upsert('s1', { Customer: 'Amina' }), upsert('s2', { Total: 12 }), upsert('s3', { Total: 13 })]);
  expect(grid().slice(1)).toEqual([['A-1', 'Amina', 13]]);
});

test('a key that Google would read as something else stays a text, so that its row is found again', async () => {
  const typed = order('007', { writeAs: 'USER_ENTERED', uniqueColumn: 'Order' });
  expect(await run({ id: 's1', config: typed })).toMatchObject({ output: { wasThere: false } });
  expect(await run({ id: 's2', config: typed })).toMatchObject({ output: { wasThere: true } });
  expect(
    grid()
      .slice(1)
      .map(([id]) => id),
  ).toEqual(['007']);
});

test('the fake loses a row where two appends come together with OVERWRITE, and none with INSERT_ROWS', async () => {
  const append = (id: string, option: string) =>
    egress.request({
      method: 'POST',
      url: `${google.url}/v4/spreadsheets/${spreadsheet}/values/A1:append?valueInputOption=RAW${option}`,
      body: JSON.stringify({ values: [[id]] }),
      resolvedCredential: { kind: 'bearer', baseUrl: google.url, allowedHosts: [], secret: { token: 'token-1' } },
    });
  google.holdAppends(2);
  await Promise.all([append('A-1', ''), append('A-2', '')]);
  expect(grid()).toHaveLength(2);
  google.holdAppends(2);
  await Promise.all([append('A-3', '&insertDataOption=INSERT_ROWS'), append('A-4', '&insertDataOption=INSERT_ROWS')]);
  expect(grid()).toHaveLength(4);
});
