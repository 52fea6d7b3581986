import { createEgress, type Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import type { EgressRequest, JsonObject, Outcome } from '@holdfast/node-kit';
import { effectContext } from '@holdfast/test-kit/effects';
import { startQuickbooksFake, type QuickbooksFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { quickbooks } from './node.ts';
import { runQuickbooks } from './run.ts';

let egress: Egress;
let intuit: QuickbooksFake;
let clock = 0;
beforeAll(() => {
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
beforeEach(async () => {
  clock = 1_000_000;
  intuit = await startQuickbooksFake({ now: () => clock });
  intuit.oauth.accessTokens.add('token-1');
  intuit.add('Item', { Name: 'Milk', UnitPrice: 1.2 });
  intuit.add('Customer', { DisplayName: 'Amina', PrimaryEmailAddr: { Address: 'amina@example.com' } });
  return () => intuit.close();
});

/** One attempt of one step; `before` is told of each call. */
function attempt(id: string, config: JsonObject, before: (request: EgressRequest) => void = () => undefined): Promise<Outcome> {
  const apiUrl = `${intuit.url}/v3/company/${intuit.realmId}/`;
  const resolvedCredential = { kind: 'quickbooks', baseUrl: intuit.url, apiUrl, allowedHosts: [], secret: { token: 'token-1' } };
  const request = (call: EgressRequest) => {
    before(call);
    return egress.request({ ...call, resolvedCredential });
  };
  const { context } = effectContext({ idempotencyKey: id, egress: { request } });
  return runQuickbooks.run({ config: quickbooks.config.parse({ credential: 'cred_1', ...config }), context });
}
/** The answer of the first write gets lost after it was carried out. */
const losing = (request: EgressRequest) => {
  if (request.method === 'POST') intuit.fail('cut-after');
};
/** As the node's policy repeats it, without the pauses. */
async function run(id: string, config: JsonObject): Promise<Outcome> {
  let loses = true;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(id, config, (request) => {
        if (loses) losing(request);
        if (request.method === 'POST') loses = false;
      });
    } catch (error) {
      if (tries === 5 || !(error instanceof HoldfastError) || error.meaning.retry !== 'later') throw error;
    }
  }
}
const rows = () => intuit.company.rows;

test.each(['create-invoice', 'create-estimate'])('%s is made once, though the answer got lost', async (operation) => {
  const sale = {
    operation,
    customer: 'Amina',
    lines: [
      { item: 'Milk', quantity: '3' },
      { item: 'Milk', quantity: '1', price: '0.995' },
    ],
  };
  const made = await run('step_1', sale);
  expect(made).toMatchObject({ port: 'done', output: { record: { number: '1001', total: 4.6 } } });
  expect(await attempt('step_1', sale)).toEqual(made);
  expect([...rows().Invoice, ...rows().Estimate]).toHaveLength(1);
  expect(await attempt('step_2', sale)).toMatchObject({ output: { record: { number: '1002' } } });
});

test('nothing is made of names that are not there', async () => {
  const invoice = { operation: 'create-invoice', customer: 'Nobody', lines: [{ item: 'Milk' }] };
  await expect(attempt('s', invoice)).rejects.toMatchObject({
    code: 'step.config',
    path: 'customer',
    detail: expect.stringContaining('"Nobody"'),
  });
  await expect(attempt('s', { ...invoice, customer: 'Amina', lines: [{ item: 'Gold' }] })).rejects.toMatchObject({ path: 'lines' });
  expect(rows().Invoice).toEqual([]);
});

test('a payment settles its invoice once, and no invoice of somebody else', async () => {
  await attempt('s1', { operation: 'create-invoice', customer: 'Amina', lines: [{ item: 'Milk', quantity: '10' }] });
  await run('s2', { operation: 'record-payment', customer: 'Amina', amount: '5', invoice: '1001' });
  expect(await attempt('s3', { value: '1001' })).toMatchObject({ output: { record: { total: 12, balance: 7 } } });
  intuit.add('Customer', { DisplayName: 'Brian' });
  intuit.add('Invoice', { DocNumber: '77', CustomerRef: { value: '99' }, TotalAmt: 1, Balance: 1 });
  await expect(attempt('s4', { operation: 'record-payment', customer: 'Brian', amount: '1', invoice: '77' })).rejects.toMatchObject({
    path: 'invoice',
  });
});

test('a customer that somebody else saves at the same time is read again, and nothing of theirs is lost', async () => {
  intuit.company.meddles = true;
  const saved = await attempt('s1', { operation: 'save-customer', customer: 'Amina', phone: '+254 700 000001' });
  expect(saved).toMatchObject({ port: 'done', output: { wasThere: true, record: { name: 'Amina', email: 'amina@example.com' } } });
  expect(rows().Customer[0]).toMatchObject({
    SyncToken: '2',
    Notes: 'somebody else was here',
    PrimaryPhone: { FreeFormNumber: '+254 700 000001' },
  });
  expect(await run('s2', { operation: 'save-customer', customer: 'Chidi', email: 'chidi@example.com' })).toMatchObject({
    output: { record: { name: 'Chidi' } },
  });
  expect(rows().Customer.filter(({ DisplayName }) => DisplayName === 'Chidi')).toHaveLength(1);
});

test('somebody else’s change is left alone, if that is asked for', async () => {
  intuit.add('Customer', { DisplayName: 'Amina' });
  intuit.company.meddles = true;
  await expect(attempt('s1', { operation: 'save-customer', customer: 'Amina', phone: '1', onConflict: 'stop' })).rejects.toMatchObject({
    code: 'upstream.refused',
    detail: expect.stringContaining('5010'),
  });
  expect(intuit.company.rows.Customer[0]).not.toHaveProperty('PrimaryPhone');
});

test('records are found by their id, and by conditions with all that QuickBooks knows of them', async () => {
  const { Id } = intuit.add('Invoice', { DocNumber: '1001', TotalAmt: 40, PrivateNote: "O'Brien" });
  intuit.add('Invoice', { DocNumber: '1002', TotalAmt: 90 });
  expect(await attempt('s', { entity: 'Invoice', by: 'id', value: Id })).toMatchObject({
    output: { record: { number: '1001' }, rows: [] },
  });
  const search = (conditions: JsonObject[]) => attempt('s', { operation: 'query', entity: 'Invoice', conditions });
  expect(await search([{ field: 'TotalAmt', operator: '>', value: '50' }])).toMatchObject({
    output: { count: 1, rows: [{ DocNumber: '1002' }] },
  });
  expect(await search([])).toMatchObject({ output: { count: 2 } });
  expect(
    await search([
      { field: 'PrivateNote', value: "O'Brien" },
      { field: 'TotalAmt', operator: '<=', value: '40' },
    ]),
  ).toMatchObject({ output: { count: 1, record: { number: '1001' } } });
  expect(await search([{ field: 'PrivateNote', value: "x' or DocNumber like '%" }])).toMatchObject({ port: 'missing' });
});

test('a customer’s words end no query', async () => {
  intuit.add('Customer', { DisplayName: "O'Brien \\ Sons" });
  expect(await attempt('s', { entity: 'Customer', value: "O'Brien \\ Sons" })).toMatchObject({ port: 'done', output: { count: 1 } });
  expect(await attempt('s', { entity: 'Customer', value: "x' or DisplayName like '%" })).toMatchObject({ port: 'missing' });
});

test('the limit of a minute is left alone for a minute', async () => {
  intuit.limit(1);
  await attempt('s', { value: '1' });
  await expect(attempt('s', { value: '1' })).rejects.toMatchObject({ code: 'upstream.limited', retryAfterMs: 60_000 });
  clock += 60_001;
  expect(await attempt('s', { value: '1' })).toMatchObject({ port: 'missing' });
});

test('errors say what to do, and hold no token', async () => {
  intuit.oauth.accessTokens.clear();
  const refused: unknown = await attempt('s', { value: '1' }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'upstream.unauthorized', hint: expect.stringContaining('Connections') });
  expect(String(refused)).not.toContain('token-1');
  intuit.oauth.accessTokens.add('token-1');
  intuit.fail('server-error');
  await expect(attempt('s', { value: '1' })).rejects.toMatchObject({ code: 'upstream.broken' });
  await expect(attempt('s', { operation: 'record-payment', customer: 'Amina', amount: 'much' })).rejects.toMatchObject({
    code: 'step.config',
    path: 'amount',
  });
});
