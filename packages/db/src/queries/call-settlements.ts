import type { JsonValue } from '@holdfast/node-kit';
import type { QueryConfig } from 'pg';
import { insertKept, type NewKeptCall } from './kept-calls.ts';

/** What became of a call that is in the ledger as dispatching. */
export interface CallSettlement {
  key: string;
  attempt: number;
  state: 'accepted' | 'rejected' | 'unknown';
  result: JsonValue;
  problem: JsonValue;
}

/** EFFECT tx2: dispatching → what became of it, for the run in `held`. */
const settleCalls = (position: number): string =>
  `update effects e set state = s.state, result = s.result, problem = s.problem, settled_at = now()
   from held, jsonb_to_recordset($${position}::jsonb) as s (key text, attempt integer, state text, result jsonb, problem jsonb)
   where e.key = s.key and e.attempt = s.attempt and e.run_id = held.id and e.state = 'dispatching'`;

/** What the owner of a run writes with the journal: what became of calls, and calls that are kept for later. */
export interface CallNews {
  settlements: readonly CallSettlement[];
  kept: readonly NewKeptCall[];
}

/**
 * A statement of a run's owner that writes of calls along with what else it writes: `text` gets the parts for its list of CTEs, which are
 * empty where there is nothing to tell, as is most often so.
 */
export function settlingQuery(
  { settlements, kept }: CallNews,
  { name, values, text }: { name: string; values: unknown[]; text: (settled: string) => string },
): QueryConfig {
  const all = [...values];
  let parts = '';
  let suffix = '';
  if (settlements.length > 0) {
    all.push(JSON.stringify(settlements));
    parts += `, settled as (${settleCalls(all.length)})`;
    suffix += '-settling';
  }
  if (kept.length > 0) {
    all.push(JSON.stringify(kept));
    parts += insertKept(all.length);
    suffix += '-keeping';
  }
  return { name: `${name}${suffix}`, values: all, text: text(parts) };
}
