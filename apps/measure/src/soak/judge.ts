import type { OrderTally } from '@holdfast/test-kit/fakes';
import type { Product } from '../product/product.ts';
import type { Acknowledged } from './caller.ts';
import { count } from './count.ts';
import { observe } from './observe.ts';

/** What came of it, by three witnesses: the callers, the database, and the service that was called. */
export interface Judgement {
  acknowledged: number;
  /** By outcome, or `attention`. */
  ended: Record<string, number>;
  /** Runs in need of attention, by cause. */
  attention: Record<string, number>;
  /** What people read about those that no call left open. */
  surprises: string[];
  withoutCause: number;
  /** Acknowledged, but no such run. */
  lost: string[];
  /** Neither ended nor in need of attention. */
  open: string[];
  /** What must not happen twice and did, or happened twice with different content. */
  acceptedTwice: string[];
  /** Runs that say they are done although the service never heard of it. */
  undone: string[];
  /** Callers that waited for the result and got another's. */
  wrongAnswers: string[];
  /** Calls whose fate nobody knows. */
  ambiguous: number;
  /** Runs that never needed Temporal. */
  expressOnly: number;
  handOvers: Record<string, number>;
}

interface RunRow {
  id: string;
  order: string;
  status: string;
  outcome: string | null;
  cause: string | null;
  detail: string | null;
  handOvers: string[] | null;
}

export async function judge(
  product: Product,
  { acknowledged, seen }: { acknowledged: readonly Acknowledged[]; seen: Record<string, OrderTally> },
): Promise<Judgement> {
  const rows = await observe<RunRow>(
    product,
    `select r.id, r.input -> 'body' ->> 'order' as "order", r.status, r.outcome, r.cause ->> 'code' as cause, r.cause ->> 'detail' as detail,
      (select array_agg(j.entry ->> 'cause') from journal j where j.run_id = r.id and j.kind = 'handed-over') as "handOvers"
     from runs r where r.source = 'webhook'`,
  );
  const [unsettled] = await observe<{ count: number }>(
    product,
    "select count(*)::int as count from effects where kind = 'call' and state in ('dispatching', 'unknown')",
  );
  const runs = new Map(rows.map((row) => [row.id, row]));
  const attention = rows.filter((row) => row.status === 'attention');
  return {
    acknowledged: acknowledged.length,
    ended: count(rows.map((row) => row.outcome ?? row.status)),
    attention: count(attention.map((row) => row.cause ?? 'none')),
    surprises: attention.flatMap(({ id, cause, detail }) => (cause === 'upstream.ambiguous' ? [] : [`${id} ${cause}: ${detail}`])),
    withoutCause: attention.filter((row) => row.cause === null).length,
    lost: acknowledged.filter(({ run, order }) => runs.get(run)?.order !== order).map(({ order }) => order),
    open: rows.filter((row) => row.status !== 'ended' && row.status !== 'attention').map((row) => `${row.id} ${row.status}`),
    acceptedTwice: Object.entries(seen).flatMap(([order, tally]) => (isTwice(tally) ? [`${order} ${JSON.stringify(tally)}`] : [])),
    undone: rows.filter((row) => row.outcome === 'done' && !isDone(seen[row.order])).map((row) => `${row.id} ${row.order}`),
    wrongAnswers: acknowledged
      .filter(({ answer, order }) => answer.startsWith('200') && !isAnswerOf(answer, order))
      .map(({ order }) => order),
    ambiguous: unsettled?.count ?? 0,
    expressOnly: rows.filter((row) => row.status === 'ended' && row.handOvers === null).length,
    handOvers: count(rows.flatMap((row) => row.handOvers ?? [])),
  };
}

/** The note is not idempotent: twice is twice. A payment may come again under its key, but with the same body only, and never under another key. */
const isTwice = ({ notes, payments }: OrderTally): boolean =>
  notes > 1 || Object.keys(payments).length > 1 || Object.values(payments).some(({ bodies }) => bodies.length > 1);

const isDone = (tally: OrderTally | undefined): boolean => tally?.notes === 1 && Object.keys(tally.payments).length === 1;

/** "received" says nothing of the order; a result names it. */
const isAnswerOf = (answer: string, order: string): boolean => answer.includes('"state":"received"') || answer === `200 ${order}`;
