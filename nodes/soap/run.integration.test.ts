import { createEgress, type Egress, type ResolvedCredential } from '@holdfast/egress';
import { renderConfig } from '@holdfast/graph';
import type { EgressRequest, JsonObject, Outcome } from '@holdfast/node-kit';
import { readWsdl } from '@holdfast/soap';
import { effectContext, scopeWith } from '@holdfast/test-kit/effects';
import { startCanary, startErpFake, startHttpService, type ErpFake, type ErpOptions } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { soap } from './node.ts';
import { runSoap } from './run.ts';

let egress: Egress;
beforeAll(() => {
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
const erps: ErpFake[] = [];
afterEach(async () => {
  for (const erp of erps.splice(0)) await erp.close();
});
async function openErp(options: ErpOptions = {}): Promise<ErpFake> {
  const erp = await startErpFake(options);
  erps.push(erp);
  return erp;
}

const callOf = (erp: ErpFake, title: string): JsonObject => {
  const found = readWsdl(erp.wsdl).operations.find(({ call }) => call.title === title);
  return JSON.parse(JSON.stringify(found?.call ?? null)) as JsonObject;
};
const user = { username: 'flow & co', password: 'canary-p<ss & word' };
interface Attempt {
  id?: string;
  isLastAttempt?: boolean;
  credential?: Partial<ResolvedCredential>;
  requests?: EgressRequest[];
}
/** One attempt of a step that makes an order, or what else `config` says. */
function attempt(
  erp: ErpFake,
  config: JsonObject = {},
  { id = 'step_1:', isLastAttempt = false, credential = {}, requests = [] }: Attempt = {},
): Promise<Outcome> {
  const resolvedCredential = {
    kind: 'soap-username',
    name: 'ERP',
    baseUrl: erp.url,
    apiUrl: null,
    allowedHosts: [],
    secret: user,
    ...credential,
  };
  const request = (call: EgressRequest) => (requests.push(call), egress.request({ ...call, resolvedCredential }));
  const scope = scopeWith({ trigger: { id: 'C-1', sku: 'SKU-1' } });
  const { context } = effectContext({ idempotencyKey: id, isLastAttempt, scope, egress: { request } });
  const given = { operation: callOf(erp, 'CreateOrder'), values: order(), ...config };
  return runSoap.run({ config: renderConfig(soap as never, given, scope), context }); // its own schema parses the config inside
}
const order = (sku = '{{ trigger.sku }}', customer = 'K-1'): JsonObject => ({
  clientOrderId: '{{ trigger.id }}',
  customer,
  'lines.line': { json: `[{"sku": "${sku}", "quantity": 2}]` },
});

test.each(['1.1', '1.2'] as const)('an order is made by SOAP %s, and its number and total are read', async (version) => {
  const erp = await openErp();
  const server = `${erp.url}/${version === '1.1' ? 'soap11' : 'soap12'}`;
  expect(await attempt(erp, { version, server })).toEqual({
    port: 'ok',
    output: { result: { orderNumber: 'ERP-1001', total: 5, wasThere: false }, fault: null },
  });
  expect(
    await attempt(erp, { version, server, operation: callOf(erp, 'GetStock'), values: { sku: { json: '["SKU-2", "NONE"]' } } }),
  ).toMatchObject({
    output: { result: { stock: [{ sku: 'SKU-2', available: 1_000_000 }] } },
  });
  expect(await attempt(erp, { version, server, values: order('NONE') })).toEqual({
    port: 'refused',
    output: {
      result: null,
      fault: {
        code: version === '1.1' ? 'Client' : 'Sender',
        subcode: '',
        reason: 'Unknown SKU NONE',
        detail: { Refusal: { code: 'UNKNOWN_SKU', sku: 'NONE' } },
      },
    },
  });
  // It blames itself, but with a fault that it declares.
  expect(await attempt(erp, { version, server, values: order('SKU-1', 'K-9') })).toMatchObject({
    port: 'refused',
    output: { fault: { code: version === '1.1' ? 'Server' : 'Receiver' } },
  });
});

test.each([
  ['server-fault', 'upstream.broken', 'upstream.ambiguous'],
  ['html', 'upstream.broken', 'upstream.ambiguous'],
  ['login-page', 'upstream.broken', 'upstream.ambiguous'],
  ['half', 'upstream.broken', 'upstream.ambiguous'],
  ['cut-before', 'upstream.broken', 'upstream.ambiguous'],
  ['cut-after', 'upstream.broken', 'upstream.ambiguous'],
  ['huge', 'upstream.too-large', 'upstream.ambiguous'],
] as const)('%s: tried again where that is safe, else a matter for a person', async (fault, repeatable, once) => {
  const erp = await openErp({ isDeduping: true });
  erp.fail(fault, fault);
  await expect(attempt(erp, { effect: 'twice' })).rejects.toMatchObject({ code: repeatable });
  await expect(attempt(erp)).rejects.toMatchObject({ code: once });
  expect(await attempt(erp)).toMatchObject({ port: 'ok', output: { result: { orderNumber: 'ERP-1001' } } });
  expect(erp.tally()['C-1']?.orders).toEqual(['ERP-1001']);
});

test('words of staff make a refusal of what the service blames on itself', async () => {
  const erp = await openErp();
  erp.fail('server-fault');
  expect(await attempt(erp, { refusals: 'no credit, DEADLOCK victim' })).toMatchObject({
    port: 'refused',
    output: { fault: { code: 'Server', detail: null } },
  });
});

test('when attempts are used up, what stands in is taken, and never after a call that may have been carried out', async () => {
  const erp = await openErp();
  const standIn = { standIn: '{"orderNumber": "later"}' };
  erp.fail('server-fault', 'server-fault', 'cut-after');
  await expect(attempt(erp, { effect: 'twice', ...standIn })).rejects.toMatchObject({ code: 'upstream.broken' });
  expect(await attempt(erp, { effect: 'twice', ...standIn }, { isLastAttempt: true })).toEqual({
    port: 'ok',
    output: { result: { orderNumber: 'later' }, fault: null, fallback: 'default' },
  });
  await expect(attempt(erp, standIn, { isLastAttempt: true })).rejects.toMatchObject({ code: 'upstream.ambiguous' });
  erp.fail('html');
  expect(await attempt(erp, { effect: 'reads', secondUrl: `${erp.url}/soap11` }, { isLastAttempt: true })).toMatchObject({
    output: { fallback: 'second' },
  });
});

test.each([['text'], ['digest']] as const)('WS-Security: the password goes as %s, beneath the step, and no nonce twice', async (way) => {
  const erp = await openErp({ user: { ...user, way } });
  const settings = { passwordType: way, timestamp: 'yes', mustUnderstand: 'yes' };
  const requests: EgressRequest[] = [];
  for (const id of ['step_1:', 'step_1:', 'step_2:'])
    expect(await attempt(erp, {}, { id, credential: { settings }, requests })).toMatchObject({ port: 'ok' });
  expect(JSON.stringify(requests)).not.toContain('canary');
  const [first = '', second = ''] = erp.heard.map(({ body }) => body);
  expect(first.includes('canary-p&lt;ss &amp; word')).toBe(way === 'text');
  expect(first).toMatch(/soap:mustUnderstand="1".*<wsu:Timestamp>.*<wsse:Username>flow &amp; co</s);
  expect(/<wsse:Nonce[^>]*>([^<]+)/.exec(first)?.[1] === /<wsse:Nonce[^>]*>([^<]+)/.exec(second)?.[1]).toBe(way === 'text');
});

test.each(['1.1', '1.2'] as const)(
  'by SOAP %s, a password that is not accepted is a matter of the connection, and stands in no error',
  async (version) => {
    const erp = await openErp({ user: { ...user, password: 'another' } });
    const failed = attempt(
      erp,
      { version, server: `${erp.url}/${version === '1.1' ? 'soap11' : 'soap12'}` },
      { credential: { settings: { passwordType: 'text' } } },
    );
    await expect(failed).rejects.toMatchObject({ code: 'upstream.unauthorized', detail: expect.stringContaining('FailedAuthentication') });
    await expect(failed).rejects.not.toMatchObject({ detail: expect.stringContaining('canary') });
  },
);

test('a message id is the same for every attempt of a step', async () => {
  const erp = await openErp();
  for (const id of ['step_1:', 'step_1:', 'step_2:']) await attempt(erp, { messageId: true }, { id });
  const ids = erp.heard.map(({ body }) => /<wsa:MessageID[^>]*>([^<]+)/.exec(body)?.[1]);
  expect(ids[0]).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
});

test('an address in a WSDL leads to nothing that flows must not reach, nor does a password follow a redirect', async () => {
  const canary = await startCanary();
  const front = await startHttpService();
  const erp = await openErp();
  try {
    const operation = { ...callOf(erp, 'CreateOrder'), address: `${canary.url}/soap` };
    for (const address of [`${canary.url}/soap`, 'http://169.254.169.254/latest', 'file:///etc/passwd'])
      await expect(
        attempt(
          erp,
          { operation: { ...operation, address } },
          { credential: { baseUrl: null, allowedHosts: ['127.0.0.1', '169.254.169.254'] } },
        ),
      ).rejects.toMatchObject({ code: 'egress.blocked' });
    await expect(attempt(erp, { operation })).rejects.toMatchObject({ code: 'credential.host' });
    const schema = `<xsd:import namespace="urn:x" schemaLocation="${canary.url}/x.xsd"/>`;
    expect(() => readWsdl(erp.wsdl.replace(/(<xsd:schema [^>]*>)/, `$1${schema}`))).toThrow(/did not come with it/);
    front.on('/soap11', { status: 307, headers: { location: `${canary.url}/` } });
    const away = attempt(erp, { server: `${front.url}/soap11`, effect: 'reads' }, { credential: { baseUrl: front.url } });
    await expect(away).rejects.toMatchObject({ code: 'upstream.refused', detail: expect.stringMatching(/redirects/) });
    expect(canary.touches).toBe(0);
  } finally {
    await canary.close();
    await front.close();
  }
});
