import type { KeptCall, Provider } from '@holdfast/contracts';

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();
const plain: Provider = {
  id: 'http:api.shop.example.com',
  kind: 'http',
  name: 'api.shop.example.com',
  state: 'well',
  pausedAt: null,
  pausedBy: null,
  pauseNote: null,
  drainingAt: null,
  downSince: null,
  probeAt: null,
  heldUntil: null,
  limits: [],
  limitsFrom: 'none',
  lastOkAt: ago(4),
  lastErrorAt: null,
  lastError: null,
  calls: { ok: 412, failed: 0, limited: 0, averageMs: 182 },
  waiting: { count: 0, since: null },
  kept: { waiting: 0, stopped: 0, since: null },
};
const broken = {
  code: 'upstream.broken',
  title: 'The service answered with an error',
  detail: 'crm.example.com answered 503: maintenance.',
} as const;

/** One of every state that the page knows. */
export const albumProviders = (): Provider[] => [
  {
    ...plain,
    id: 'http:erp.a-rather-long-company-name.example.com:8443',
    name: 'erp.a-rather-long-company-name.example.com:8443',
    state: 'paused',
    pausedAt: ago(1_260),
    pausedBy: 'Bruno Díaz de la Vega y Montenegro',
    pauseNote: 'Stocktaking until noon, nobody may change stock meanwhile',
    calls: { ok: 31, failed: 0, limited: 0, averageMs: 1_240 },
    waiting: { count: 37, since: ago(1_248) },
  },
  {
    ...plain,
    id: 'http:crm.example.com',
    name: 'crm.example.com',
    state: 'down',
    downSince: ago(95),
    probeAt: ago(-14),
    lastErrorAt: ago(18),
    lastError: broken,
    calls: { ok: 88, failed: 22, limited: 0, averageMs: 310 },
    waiting: { count: 4, since: ago(80) },
    kept: { waiting: 12, stopped: 2, since: ago(70) },
  },
  {
    ...plain,
    id: 'quickbooks:9341453',
    kind: 'quickbooks',
    name: '9341453',
    state: 'resting',
    heldUntil: ago(-41),
    limits: [
      { count: 10, perMs: 1_000 },
      { count: 500, perMs: 60_000 },
    ],
    limitsFrom: 'kind',
    lastErrorAt: ago(19),
    lastError: { code: 'upstream.limited', title: 'The service asks us to slow down', detail: 'quickbooks.api.intuit.com answered 429.' },
    calls: { ok: 503, failed: 0, limited: 1, averageMs: 402 },
  },
  {
    ...plain,
    id: 'http:flaky.example.com',
    name: 'flaky.example.com',
    state: 'failing',
    lastErrorAt: ago(2),
    lastError: { ...broken, detail: 'flaky.example.com: no complete answer came within 20 s.' },
    limits: [{ count: 3, perMs: 1_000 }],
    limitsFrom: 'learnt',
    calls: { ok: 60, failed: 5, limited: 3, averageMs: 3_100 },
  },
  plain,
  {
    ...plain,
    id: 'groq:first',
    kind: 'groq',
    name: 'first',
    calls: { ok: 1_204, failed: 2, limited: 0, averageMs: 611 },
    limits: [{ count: 30, perMs: 60_000 }],
    limitsFrom: 'set',
  },
  {
    ...plain,
    id: 'http:old.example.com',
    name: 'old.example.com',
    state: 'quiet',
    calls: { ok: 0, failed: 0, limited: 0, averageMs: null },
  },
];

const origin = { runId: 'run_1', flow: 'Orders', node: 'Create the invoice', contact: 'María Fernanda Otieno' };

/** Steps that wait. */
export const albumHeld = () => ({
  total: 37,
  asOf: ago(0),
  items: [
    { position: 1, since: ago(410), expectedAt: ago(-3), code: 'upstream.limited', origin },
    { position: 2, since: ago(402), expectedAt: ago(-9), code: 'upstream.limited', origin },
    { position: 3, since: ago(80), expectedAt: null, code: 'upstream.down', origin },
  ],
});

const kept: KeptCall = {
  id: 'kept_1',
  provider: 'http:crm.example.com',
  position: null,
  expectedAt: null,
  what: 'POST https://crm.example.com/customers/4711/notes',
  orderKey: '',
  state: 'waiting',
  attempts: 0,
  keptAt: ago(640),
  settledAt: null,
  settledBy: null,
  note: null,
  status: null,
  problem: null,
  origin,
  behind: 0,
  waitsFor: null,
};

/** Kept calls in every state. */
export const albumKept = () => ({
  waiting: 12,
  stopped: 2,
  items: [
    {
      ...kept,
      id: 'kept_2',
      state: 'stopped',
      attempts: 1,
      status: 422,
      orderKey: 'customer 4711',
      behind: 2,
      problem: { code: 'upstream.refused', title: 'x', detail: 'crm.example.com answered 422: {"error":"no such customer"}' },
    },
    {
      ...kept,
      id: 'kept_3',
      state: 'stopped',
      attempts: 1,
      origin: null,
      problem: {
        code: 'upstream.ambiguous',
        title: 'x',
        detail: 'The call was under way when its process stopped. It may have been carried out.',
      },
    },
    { ...kept, id: 'kept_4', position: 1, state: 'dispatching', attempts: 3, problem: broken },
    {
      ...kept,
      id: 'kept_5',
      position: 2,
      what: 'Shopify: Make an order: amina@example.com',
      orderKey: 'customer 4711',
      waitsFor: 'POST https://crm.example.com/customers/4711/notes',
    },
    { ...kept, id: 'kept_8', position: 3, expectedAt: ago(-4) },
    { ...kept, id: 'kept_6', state: 'delivered', status: 201, settledAt: ago(30), attempts: 1 },
    { ...kept, id: 'kept_7', state: 'discarded', settledAt: ago(90), settledBy: 'Bruno Díaz', note: 'Entered by hand' },
  ] satisfies KeptCall[],
});
