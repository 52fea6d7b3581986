import type { Product } from '../../product/product.ts';
import type { Connected } from './connect-market.ts';
import { orderRuns, tracesOf, type OrderRun, type Traces } from './judge-orders.ts';
import type { Market } from './market.ts';

export interface Answered {
  /** "It arrived", as the provider's own books say. */
  arrived: number;
  /** "Send again." */
  sentAgain: number;
  /** A call that was carried out: its step was skipped. */
  skipped: number;
  retried: number;
}

const traceOfNode: Readonly<Record<string, keyof Traces>> = {
  order: 'order',
  invoice: 'invoice',
  row: 'row',
  mail: 'mail',
  reply: 'reply',
};
const rounds = 5;

/** What an operator does the morning after: looks into each provider's books, and says what became of what was cut off. */
export async function answerQuestions(
  product: Product,
  market: Market,
  { connected, settled }: { connected: Connected; settled: () => Promise<void> },
): Promise<Answered> {
  const answered: Answered = { arrived: 0, sentAgain: 0, skipped: 0, retried: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const runs = (await orderRuns(product)).filter(({ status, unknownSends }) => status === 'attention' || unknownSends.length > 0);
    if (runs.length === 0) break;
    for (const run of runs) await answer(product, run, { traces: tracesOf(market, run.order), connected, answered });
    await settled();
  }
  return answered;
}

interface Asked {
  traces: Traces;
  connected: Connected;
  answered: Answered;
}

async function answer(product: Product, run: OrderRun, { traces, connected, answered }: Asked): Promise<void> {
  const { api } = product;
  for (const { id, channel } of run.unknownSends) {
    const isThere = (channel === connected.mail ? traces.mail : traces.reply) > 0;
    await api.call('POST', `/api/sends/${id}/settle`, { settle: isThere ? 'arrived' : 'send-again' });
    answered[isThere ? 'arrived' : 'sentAgain'] += 1;
  }
  if (run.status !== 'attention' || run.node === null) return;
  const trace = traceOfNode[run.node];
  const isDone = trace !== undefined && traces[trace] > 0;
  const body = isDone ? { action: 'skip', node: run.node, port: run.node === 'order' ? 'ok' : 'done', output: {} } : { action: 'retry' };
  try {
    await api.call('POST', `/api/runs/${run.id}/override`, body);
  } catch (error) {
    // What was asked for in the round before may only now have been done: then the page is out of date, and the next round looks again.
    if (error instanceof Error && error.message.includes('answered 409')) return;
    throw error;
  }
  answered[isDone ? 'skipped' : 'retried'] += 1;
}
