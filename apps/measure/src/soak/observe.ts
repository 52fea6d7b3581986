import pg from 'pg';
import type { Product } from '../product/product.ts';

/** Whatever knows its database. */
interface Asked {
  addresses: () => Promise<{ databaseUrl: string }>;
}

/** What the database says, asked directly so that the product's own words are not its only witness. */
export async function observe<T extends pg.QueryResultRow>(product: Asked, sql: string): Promise<T[]> {
  const { databaseUrl } = await product.addresses();
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  // PostgreSQL may be killed while we ask; the caller asks again.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface Standing {
  replies: number;
  unsettled: number;
  openRuns: number;
  pendingInbox: number;
}

export async function standing(product: Asked): Promise<Standing | null> {
  const rows = await observe<Standing>(
    product,
    `select
    (select count(*) from effects where kind = 'send' and state in ('accepted', 'unknown'))::int as replies,
    (select count(*) from effects where state in ('planned', 'dispatching'))::int as unsettled,
    (select count(*) from runs where status not in ('ended', 'attention'))::int as "openRuns",
    (select count(*) from inbox where state = 'pending')::int as "pendingInbox"`,
  ).catch(() => []);
  return rows[0] ?? null;
}

/** Runs that have neither ended nor stopped for a person, by where they stand; and what came in and was not taken up yet. */
export const openRuns = (product: Product): Promise<{ lane: string; status: string; count: number }[]> =>
  observe(
    product,
    "select lane, status, count(*)::int as count from runs where status not in ('ended', 'attention') group by lane, status " +
      "union all select 'none', 'in the inbox', count(*)::int from inbox where state = 'pending' having count(*) > 0 order by 1, 2",
  );

export interface Verdict {
  accepted: number;
  unknown: number;
  runs: Record<string, number>;
  attention: { runId: string; cause: string }[];
  withoutCause: number;
}

export async function verdict(product: Product): Promise<Verdict> {
  const states = await observe<{ state: string; count: number }>(
    product,
    "select state, count(*)::int as count from effects where kind = 'send' group by state",
  );
  const runs = await observe<{ status: string; count: number }>(
    product,
    'select coalesce(outcome, status) as status, count(*)::int as count from runs group by 1',
  );
  const attention = await observe<{ runId: string; cause: string | null }>(
    product,
    `select id as "runId", cause ->> 'code' as cause from runs where status = 'attention'`,
  );
  const count = (state: string): number => states.find((each) => each.state === state)?.count ?? 0;
  return {
    accepted: count('accepted'),
    unknown: count('unknown'),
    runs: Object.fromEntries(runs.map(({ status, count: number }) => [status, number])),
    attention: attention.flatMap(({ runId, cause }) => (cause === null ? [] : [{ runId, cause }])),
    withoutCause: attention.filter(({ cause }) => cause === null).length,
  };
}
