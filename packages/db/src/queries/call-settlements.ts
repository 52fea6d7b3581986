import type { JsonValue } from '@holdfast/node-kit';
import type { QueryConfig } from 'pg';

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

/**
 * A statement of a run's owner that settles calls along with what else it writes: `text` gets the part for its list of CTEs, which is
 * empty where nothing is to be settled, as is most often so.
 */
export function settlingQuery(
  settlements: readonly CallSettlement[],
  { name, values, text }: { name: string; values: unknown[]; text: (settled: string) => string },
): QueryConfig {
  if (settlements.length === 0) return { name, values, text: text('') };
  return {
    name: `${name}-settling`,
    values: [...values, JSON.stringify(settlements)],
    text: text(`, settled as (${settleCalls(values.length + 1)})`),
  };
}
