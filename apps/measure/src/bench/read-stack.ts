import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { Product } from '../product/product.ts';
import { quantile } from '../product/quantile.ts';

const sampled = 50;

/** What only the stack itself can tell: PostgreSQL's durability settings and how long the runs' histories are. */
export async function readStack(product: Product): Promise<{ postgresql: Record<string, string>; historyEventsPerRun: number }> {
  const { databaseUrl, temporalAddress } = await product.addresses();
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const settings = await database.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version')",
    );
    const runs = await database.query<{ workflow: string }>(
      "select id || '.' || epoch as workflow from runs where status = 'ended' order by started_at desc limit $1",
      [sampled],
    );
    const client = new Client({ connection });
    const lengths = await Promise.all(
      runs.rows.map(async ({ workflow }) => (await client.workflow.getHandle(workflow).describe()).historyLength),
    );
    return {
      postgresql: Object.fromEntries(settings.rows.map(({ name, setting }) => [name, setting])),
      historyEventsPerRun: quantile(lengths, 0.5),
    };
  } finally {
    await connection.close();
    await database.end();
  }
}
