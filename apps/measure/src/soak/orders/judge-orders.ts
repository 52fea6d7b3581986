import type { Product } from '../../product/product.ts';
import { count } from '../count.ts';
import { observe } from '../observe.ts';
import { spreadsheet, type Market } from './market.ts';

/** How often each provider has each order, by its own books. */
export interface Traces {
  /** In the ERP. */
  order: number;
  invoice: number;
  row: number;
  /** With its PDF. */
  mail: number;
  reply: number;
}

export interface OrdersJudgement {
  /** Everywhere once. */
  complete: number;
  /** Stopped before its end, by cause. */
  attention: Record<string, number>;
  /** Its run ended, but a mail or reply was cut off and waits for a person to say what became of it. */
  unsettledSends: number;
  /** More than once at a provider: must be empty. */
  twice: string[];
  /** Ended, nothing is open, and yet something is missing: must be empty. */
  incomplete: string[];
  /** Neither ended nor in need of attention: must be empty. */
  open: string[];
  /** Written by a customer, and no run: must be empty. */
  lost: string[];
  withoutCause: number;
}

export interface OrderRun {
  id: string;
  order: string;
  status: string;
  outcome: string | null;
  cause: string | null;
  node: string | null;
  unknownSends: { id: string; channel: string }[];
}

export const orderRuns = (product: Product): Promise<OrderRun[]> =>
  observe<OrderRun>(
    product,
    `select r.id, substring(r.input ->> 'text' from 'Order (K-[0-9]+)') as "order", r.status, r.outcome, r.cause ->> 'code' as cause,
      r.cause ->> 'node' as node, coalesce((select array_agg(jsonb_build_object('id', e.message_id, 'channel', e.channel_id)) from effects e
        where e.run_id = r.id and e.kind = 'send' and e.state = 'unknown'), '{}') as "unknownSends"
     from runs r where r.source = 'channel'`,
  );

/** By the providers' own books, not ours. */
export function tracesOf(market: Market, order: string): Traces {
  const { books, erp, google, mail, number } = market;
  const names = (text: unknown): boolean => typeof text === 'string' && new RegExp(`${order}\\b`, 'i').test(text);
  return {
    order: erp.fake.tally()[order]?.orders.length ?? 0,
    invoice: books.company.rows.Invoice.filter((row) => names(JSON.stringify(row))).length,
    row: google.sheet(spreadsheet).filter(([first]) => first === order).length,
    mail: mail.sink.taken.filter(
      ({ to, source }) => to.includes(`${order.toLowerCase()}@customers.example`) && source.includes('application/pdf'),
    ).length,
    reply: number.accepted.filter(({ text }) => names(text)).length,
  };
}

export async function judgeOrders(product: Product, market: Market, orders: readonly string[]): Promise<OrdersJudgement> {
  const runs = await orderRuns(product);
  const runOf = new Map(runs.map((run) => [run.order, run]));
  const traces = new Map(orders.map((order) => [order, tracesOf(market, order)]));
  const isComplete = (order: string): boolean => Object.values(traces.get(order) ?? {}).every((times) => times === 1);
  const attention = runs.filter(({ status }) => status === 'attention');
  return {
    complete: orders.filter(isComplete).length,
    attention: count(attention.map(({ cause, node }) => `${node}: ${cause}`)),
    unsettledSends: runs.reduce((sum, { unknownSends }) => sum + unknownSends.length, 0),
    twice: orders.flatMap((order) => {
      const found = traces.get(order);
      return found && Object.values(found).some((times) => times > 1) ? [`${order} ${JSON.stringify(found)}`] : [];
    }),
    incomplete: runs
      .filter(({ status, unknownSends, order }) => status === 'ended' && unknownSends.length === 0 && !isComplete(order))
      .map(({ id, order, outcome }) => `${id} ${order} ${outcome} ${JSON.stringify(traces.get(order))}`),
    open: runs
      .filter(({ status }) => status !== 'ended' && status !== 'attention')
      .map(({ id, order, status }) => `${id} ${order} ${status}`),
    lost: orders.filter((order) => !runOf.has(order)),
    withoutCause: attention.filter(({ cause }) => cause === null).length,
  };
}

export const isKept = ({ twice, incomplete, open, lost, withoutCause }: OrdersJudgement): boolean =>
  [twice, incomplete, open, lost].every((list) => list.length === 0) && withoutCause === 0;
