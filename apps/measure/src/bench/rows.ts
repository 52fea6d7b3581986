import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startGoogleSheetsFake } from '@holdfast/test-kit/fakes';
import { Product } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';

// `pnpm bench:rows [runs a second] [seconds]`: runs that each add a row to one sheet, whose service takes 60 calls a minute as Google's does. Prints, as JSON, how many
// rows were there after each minute by the sheet itself, how many went in one call, and how long a row took from the webhook into the sheet.
const [perSecond = 5, seconds = 180] = process.argv.slice(2).map(Number);
const spreadsheet = '1BenchOfRowsAbCdEfGh';
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const google = await startGoogleSheetsFake({ publicKey: keys.publicKey });
google.manner({ perMinute: 60 });
const grid = google.sheet(spreadsheet);
grid.push(['Order']);
say('Starting Holdfast in a folder of its own …');
const product = await Product.start();
try {
  const account = { type: 'service_account', client_email: 'bench@kelp.example', private_key: keys.privateKey };
  const { id: credential } = await product.api.call<{ id: string }>('POST', '/api/credentials', {
    name: 'Sheets',
    kind: 'google-service-account',
    baseUrl: google.url,
    secret: { key: JSON.stringify(account) },
  });
  await product.api.publish(flow(credential));
  say(`${perSecond} runs a second for ${seconds} s …`);
  const { sentAt, thereAt, byMinute } = await fill();
  const tookMs = [...thereAt].map(([order, at]) => at - (sentAt.get(order) ?? at));
  const report = {
    perSecond,
    seconds,
    callsPerMinute: 60,
    sent: sentAt.size,
    thereAfterMinute: byMinute,
    calls: { ...google.counts },
    rowsPerWrite: round(thereAt.size / Math.max(1, google.counts.writes), 1),
    tookSeconds: { p50: round(quantile(tookMs, 0.5) / 1_000, 1), p95: round(quantile(tookMs, 0.95) / 1_000, 1) },
    moreThanOnce: grid.length - 1 - thereAt.size,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  await product.remove();
  await google.close();
}

function flow(credential: string): unknown {
  const steps = [
    { id: 'start', type: 'webhook-trigger', config: { path: 'bench-rows', respond: 'now' } },
    {
      id: 'row',
      type: 'google-sheets',
      config: { operation: 'append', credential, spreadsheet, values: { Order: '{{ trigger.body.order }}' }, uniqueColumn: 'Order' },
    },
    { id: 'end', type: 'end', config: {} },
  ];
  return {
    format: 'holdfast.flow/1',
    name: 'Rows',
    settings: {},
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: [
      { id: 'e0', from: { node: 'start', port: 'received' }, to: { node: 'row' } },
      { id: 'e1', from: { node: 'row', port: 'done' }, to: { node: 'end' } },
    ],
  };
}

/** Sends until the time is over, and looks into the sheet until a minute after. */
async function fill() {
  const startedAt = performance.now();
  const sentAt = new Map<string, number>();
  const thereAt = new Map<string, number>();
  const byMinute: number[] = [];
  const sending: Promise<unknown>[] = [];
  for (let seen = 1; performance.now() - startedAt < (seconds + 60) * 1_000;) {
    const elapsed = performance.now() - startedAt;
    while (sentAt.size < Math.min(elapsed / 1_000, seconds) * perSecond) sending.push(send(sentAt));
    for (; seen < grid.length; seen += 1) thereAt.set(String(grid[seen]?.[0]), performance.now());
    if (elapsed >= (byMinute.length + 1) * 60_000) say(`${byMinute.push(thereAt.size)} min: ${thereAt.size} rows`);
    await pause(100);
  }
  byMinute.push(thereAt.size);
  await Promise.all(sending);
  return { sentAt, thereAt, byMinute };
}

async function send(sentAt: Map<string, number>): Promise<void> {
  const order = `A-${sentAt.size}`;
  sentAt.set(order, performance.now());
  const answer = await fetch(`${product.url}/hooks/flows/bench-rows`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ order }),
  });
  await answer.arrayBuffer();
  if (answer.status >= 400) throw new Error(`The webhook answered ${answer.status}.`);
}
