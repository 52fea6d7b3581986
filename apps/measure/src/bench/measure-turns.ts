import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { parts, type Product } from '../product/product.ts';
import { quantile, round } from '../product/quantile.ts';
import type { Generator } from './generator.ts';
import type { Lane } from './reference-flow.ts';

const turns = 600;
const concurrency = 20;
const patienceMs = 60_000;

/** One message in the simulator, one reply: turns per second and their latency by the database's clock, each with a contact of its own. */
export async function measureTurns(product: Product, generator: Generator, { lane, say }: { lane: Lane; say: (text: string) => void }) {
  const flow = await product.api.publish(turnFlow(lane));
  const load = (count: number, first: number) =>
    generator.load({
      url: `${product.url}/api/simulator/messages`,
      headers: { authorization: `Bearer ${product.api.key}` },
      body: JSON.stringify({ contact: `${lane}-{n}`, text: 'Hello', flow }),
      expects: '"conversation"',
      count,
      concurrency,
      first,
    });
  const { databaseUrl } = await product.addresses();
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    say(`${lane}: warming up conversations …`);
    await load(60, 0);
    await waitForReplies(database, `${lane}-A-%`, 60);
    say(`${lane}: ${turns} conversation turns …`);
    const before = await product.usage();
    await load(turns, 10_000);
    const { latenciesMs, elapsedMs } = await waitForReplies(database, `${lane}-A-1____`, turns);
    const after = await product.usage();
    return {
      turns: latenciesMs.length,
      missing: turns - latenciesMs.length,
      turnsPerSecond: round((latenciesMs.length / elapsedMs) * 1_000),
      p50Ms: round(quantile(latenciesMs, 0.5)),
      p95Ms: round(quantile(latenciesMs, 0.95)),
      cpuMsPerTurn: Object.fromEntries(parts.map((part) => [part, round((after[part].cpuMs - before[part].cpuMs) / turns, 2)])),
    };
  } finally {
    await database.end();
  }
}

/** Until every conversation whose address is like this has its reply, or patience is over. */
async function waitForReplies(database: pg.Client, address: string, count: number): Promise<{ latenciesMs: number[]; elapsedMs: number }> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await database.query<{ asked: number; answered: number }>(
      `select extract(epoch from i.received_at) * 1000 as asked, extract(epoch from e.settled_at) * 1000 as answered
       from conversations c join inbox i on i.conversation_id = c.id join messages m on m.conversation_id = c.id and m.direction = 'out'
       join effects e on e.message_id = m.id and e.state = 'accepted' where c.address like $1`,
      [address],
    );
    if (rows.length < count && performance.now() < deadline) {
      // Seldom, since it is part of what is measured; the times are the database's own.
      await pause(1_000);
      continue;
    }
    const answered = rows.map((row) => Number(row.answered));
    const asked = rows.map((row) => Number(row.asked));
    return { latenciesMs: answered.map((at, index) => at - (asked[index] ?? at)), elapsedMs: Math.max(...answered) - Math.min(...asked) };
  }
}

function turnFlow(lane: Lane): unknown {
  return {
    format: 'holdfast.flow/1',
    name: `One reply each, ${lane}`,
    settings: { mergeBurst: '0ms', lane },
    nodes: [
      {
        id: 'start',
        type: 'channel-trigger',
        typeVersion: 1,
        name: 'start',
        config: { channels: ['any'], chats: 'all' },
        position: { x: 0, y: 0 },
      },
      {
        id: 'reply',
        type: 'send-message',
        typeVersion: 1,
        name: 'reply',
        config: { text: 'You said {{ trigger.text }}' },
        position: { x: 320, y: 0 },
      },
    ],
    edges: [{ id: 'e0', from: { node: 'start', port: 'message' }, to: { node: 'reply' } }],
  };
}
