import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, shuffled } from '@holdfast/test-kit/fakes';
import { Product, type Part } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';
import { observe } from '../soak/observe.ts';
import type { WaitingOptions } from './options.ts';
import { copyPerson, original } from './copy-person.ts';
import { askingFlow, timerFlow } from './waiting-flows.ts';

/** How a message becomes known: by the API as always, or lost on the way to the claim, or on the way to the workflow. */
const ways = ['rung', 'claim not rung', 'workflow not rung'] as const;
type Way = (typeof ways)[number];

interface Latency {
  count: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}
interface Resources {
  memoryMb: Record<Part, number>;
  /** Of one core, over ten seconds in which nothing happens. */
  idleCpuPercent: Record<Part, number>;
}

export interface WaitingReport {
  people: number;
  /** Temporal's database deleted: until every run has a workflow again, and how long newcomers waited for their first answer meanwhile. */
  rebuild: {
    seconds: number;
    perSecond: number;
    firstSeconds: number;
    newcomers: Latency;
    /** Processor time per run, newcomers included: what says how fast it is on a machine that does nothing else. */
    cpuMsPerRun: Record<Part, number>;
  };
  before: Resources;
  /** After a stop and a start of everything. */
  restart: { healthySeconds: number } & Resources;
  /** From the commit of the message to the answer's, in PostgreSQL's time. */
  wakes: Record<Way, Latency>;
  /** How late waits for the clock ended; their time came soon after the restart. */
  timers: Latency;
  memoryAtEndMb: Record<Part, number>;
  passed: boolean;
}

const timerPath = 'waiting-timers-3k1';
const timerSeconds = 40;
const wakeWithinMs = 5_000;

/** Many conversations wait for an answer; Temporal's database is deleted, then everything is restarted, and some people write. */
export async function waiting(options: WaitingOptions, say: (text: string) => void): Promise<WaitingReport> {
  const product = await Product.start();
  try {
    await product.api.pauseAllFlows();
    await product.api.publish(askingFlow());
    await product.api.publish(timerFlow(timerPath, timerSeconds));
    await askAll(product, options.people);
    say('Deleting Temporal’s database …');
    const rebuild = await rebuilt(product, say);
    const before = await resources(product, 5_000);
    say(JSON.stringify({ rebuild, before }));

    await sideBySide(options.timers, 8, () => post(product, `/hooks/flows/${timerPath}`, {}));
    say('Restarting everything …');
    await product.stop();
    await product.launch();
    const restart = { healthySeconds: round(product.startUpMs / 1_000), ...(await resources(product, 10_000)) };
    say(JSON.stringify(restart));
    const wakes = await wakeInEveryWay(product, options, say);
    const timers = await timersDone(product, options.timers);
    const { memoryMb: memoryAtEndMb } = await resources(product, 0);
    const passed = [...Object.values(wakes), timers].every(({ maxMs }) => maxMs <= wakeWithinMs);
    return { people: options.people, rebuild, before, restart, wakes, timers, memoryAtEndMb, passed };
  } finally {
    await product.remove();
  }
}

/** One is really asked, the others are copies of that conversation. */
async function askAll(product: Product, people: number): Promise<void> {
  await product.api.call('POST', '/api/simulator/messages', { contact: original, text: 'Hello' });
  await until(product, `select count(*)::int as n from runs where status = 'waiting' and waiting_for = 'reply'`, 1);
  await copyPerson(product, people - 1);
  // Long enough that the copies were there when Temporal's database was last seen.
  await pause(4_000);
}

async function wakeInEveryWay(
  product: Product,
  { people, messages }: WaitingOptions,
  say: (text: string) => void,
): Promise<WaitingReport['wakes']> {
  const writers = shuffled(
    Array.from({ length: people - 1 }, (_, index) => `person-${index + 1}`),
    createRandom(7),
  );
  const wakes: Partial<WaitingReport['wakes']> = {};
  for (const way of ways) {
    say(`${messages} people write: ${way} …`);
    wakes[way] = await writeAndWait(product, writers.splice(0, messages), way);
  }
  return wakes as WaitingReport['wakes']; // every way was tried
}

/** The answers' latencies, by PostgreSQL's clock alone. */
async function writeAndWait(product: Product, people: readonly string[], way: Way): Promise<Latency> {
  const [{ since } = { since: '' }] = await observe<{ since: string }>(product, 'select clock_timestamp()::text as since');
  for (const person of people) {
    await write(product, person, way);
    await pause(50);
  }
  const answered = `from inbox i join effects e on e.run_id = i.run_id and e.kind = 'send' and e.state = 'accepted' and e.created_at > i.received_at
    where i.received_at > '${since}'`;
  await until(product, `select count(distinct i.id)::int as n ${answered}`, people.length);
  const rows = await observe<{ ms: number }>(
    product,
    `select extract(epoch from min(e.settled_at) - i.received_at)::float8 * 1000 as ms ${answered} group by i.id, i.received_at`,
  );
  return latency(rows.map(({ ms }) => ms));
}

async function write(product: Product, contact: string, way: Way): Promise<void> {
  if (way === 'rung') return void (await product.api.call('POST', '/api/simulator/messages', { contact, text: 'order 1204' }));
  // The message is committed as ingest does it, and nobody is told. Claimed already: only the doorbell at the workflow is missing.
  const readyAt = way === 'claim not rung' ? 'clock_timestamp()' : 'null';
  await observe(
    product,
    `with first as (
       select i.* from inbox i join conversations c on c.id = i.conversation_id join contacts p on p.id = c.contact_id where p.name = '${contact}' order by i.received_at limit 1
     ), message as (
       insert into messages (id, workspace_id, conversation_id, direction, author, text, status) select m.id || '-2', m.workspace_id, m.conversation_id, 'in', 'customer', 'order 1204', 'received'
         from messages m join first on m.id = first.message_id returning id
     ), event as (
       insert into inbox (id, workspace_id, channel_id, event_id, kind, conversation_id, message_id, payload, received_at)
         select f.id || '-2', f.workspace_id, f.channel_id, f.event_id || '-2', f.kind, f.conversation_id, message.id, f.payload, clock_timestamp() from first f, message returning conversation_id
     ) update conversations set ready_at = ${readyAt} from event where id = event.conversation_id`,
  );
}

async function timersDone(product: Product, count: number): Promise<Latency> {
  const ended = `from runs where source = 'webhook' and outcome = 'done'`;
  await until(product, `select count(*)::int as n ${ended}`, count);
  const rows = await observe<{ ms: number }>(
    product,
    `select extract(epoch from ended_at - (select (j.entry ->> 'deadlineAt')::timestamptz from journal j where j.run_id = runs.id and j.kind = 'wait-opened'))::float8 * 1000 as ms ${ended}`,
  );
  return latency(rows.map(({ ms }) => ms));
}

async function rebuilt(product: Product, say: (text: string) => void): Promise<WaitingReport['rebuild']> {
  const open = async () =>
    (await observe<{ n: number }>(product, `select count(*)::int as n from runs where status <> 'ended'`))[0]?.n ?? 0;
  const rebuiltRuns = `select count(*)::int as n from runs where lane = 'temporal' and epoch > 1 and status <> 'ended'`;
  const count = await open();
  await product.stop();
  await rm(join(product.dataDir, 'temporal'), { recursive: true, force: true });
  await product.launch();
  const startedAt = performance.now();
  const first = until(product, rebuiltRuns, 1).then(() => performance.now() - startedAt);
  const newcomers = Array.from({ length: 20 }, async (_, index) => {
    await pause(500 * index);
    const sentAt = performance.now();
    const contact = `newcomer-${index}`;
    await product.api.call('POST', '/api/simulator/messages', { contact, text: 'Hello' });
    await until(
      product,
      `select count(*)::int as n from messages m join conversations c on c.id = m.conversation_id join contacts p on p.id = c.contact_id where p.name = '${contact}' and m.direction = 'out' and m.status = 'sent'`,
      1,
    );
    return performance.now() - sentAt;
  });
  const before = await product.usage();
  await until(product, rebuiltRuns, count, say);
  const after = await product.usage();
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    seconds: round(seconds),
    perSecond: round(count / seconds),
    firstSeconds: round((await first) / 1_000),
    newcomers: latency(await Promise.all(newcomers)),
    cpuMsPerRun: byPart((part) => (after[part].cpuMs - before[part].cpuMs) / count),
  };
}

async function resources(product: Product, idleMs: number): Promise<Resources> {
  const start = await product.usage();
  await pause(idleMs);
  const end = await product.usage();
  return {
    memoryMb: byPart((part) => end[part].memoryBytes / 1_048_576),
    idleCpuPercent: byPart((part) => (idleMs === 0 ? 0 : (100 * (end[part].cpuMs - start[part].cpuMs)) / idleMs)),
  };
}

const byPart = (read: (part: Part) => number): Record<Part, number> => ({
  app: round(read('app')),
  temporal: round(read('temporal')),
  postgres: round(read('postgres')),
});

const latency = (ms: readonly number[]): Latency => ({
  count: ms.length,
  p50Ms: round(quantile(ms, 0.5)),
  p99Ms: round(quantile(ms, 0.99)),
  maxMs: round(quantile(ms, 1)),
});

async function post(product: Product, path: string, body: unknown): Promise<void> {
  const answer = await fetch(product.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
}

async function sideBySide(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Until the statement counts at least `wanted`; ten minutes without any progress are too long. */
async function until(product: Product, sql: string, wanted: number, say: (text: string) => void = () => undefined): Promise<void> {
  let best = -1;
  let movedAt = performance.now();
  let toldAt = movedAt;
  for (;;) {
    const n = (await observe<{ n: number }>(product, sql).catch(() => []))[0]?.n ?? 0;
    if (n >= wanted) return;
    if (n > best) [best, movedAt] = [n, performance.now()];
    if (performance.now() - movedAt > 120_000)
      throw new Error(`Only ${best} of ${wanted} after two minutes without progress: ${sql}\n${product.log}`);
    if (performance.now() - toldAt > 10_000) {
      say(`${n} of ${wanted}`);
      toldAt = performance.now();
    }
    await pause(wanted > 500 ? 500 : 100);
  }
}
