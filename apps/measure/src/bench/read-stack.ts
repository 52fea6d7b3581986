import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { Product } from '../product/product.ts';
import { quantile } from '../product/quantile.ts';

const sampled = 50;
/** From Temporal's API, `EventType`. */
const workflowTaskCompleted = 7;

export interface StackFacts {
  postgresql: Record<string, string>;
  historyEventsPerRun: number;
  workflowTasksPerRun: number;
}

/** What only the stack itself can tell: PostgreSQL's durability settings, and what Temporal wrote down of a run of the flow at `path`. */
export async function readStack(product: Product, path: string): Promise<StackFacts> {
  const { databaseUrl, temporalAddress } = await product.addresses();
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const settings = await database.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'server_version')",
    );
    const runs = await database.query<{ workflow: string }>(
      `select r.id || '.' || r.epoch as workflow from runs r join triggers t on t.flow_id = r.flow_id
       where t.path = $2 and r.status = 'ended' order by r.started_at desc limit $1`,
      [sampled, path],
    );
    const client = new Client({ connection });
    const histories = await Promise.all(runs.rows.map(({ workflow }) => client.workflow.getHandle(workflow).fetchHistory()));
    const events = histories.map((history) => history.events ?? []);
    return {
      postgresql: Object.fromEntries(settings.rows.map(({ name, setting }) => [name, setting])),
      historyEventsPerRun: quantile(
        events.map((each) => each.length),
        0.5,
      ),
      workflowTasksPerRun: quantile(
        events.map((each) => each.filter(({ eventType }) => eventType === workflowTaskCompleted).length),
        0.5,
      ),
    };
  } finally {
    await connection.close();
    await database.end();
  }
}
