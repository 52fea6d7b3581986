import { join } from 'node:path';
import { testDatabase } from '@holdfast/test-kit';
import { forkFake } from '@holdfast/test-kit/fakes';
import startServices from '@holdfast/test-kit/global-setup';
import { workspaceId } from './provider-world.ts';

// `pnpm bench:limiter [per second] [calls]`: two worker processes want more than a provider allows. Prints what the provider counted, as JSON: the busiest
// second by its own clock, and how much of the limit was used. PostgreSQL is a real one, started for this.
const [perSecond = 50, calls = 1_000] = process.argv.slice(2).map(Number);
const workers = 2;
const stopServices = await startServices();
const database = await testDatabase();
const service = await forkFake(join(import.meta.dirname, 'counting-service.ts'), []);
try {
  const key = `http:${new URL(service.url).host}`;
  await database.pool.query(`insert into workspaces (id, name, slug) values ($1, 'W', 'w')`, [workspaceId]);
  await database.pool.query(`insert into providers (workspace_id, key, kind, name, limits) values ($1, $2, 'http', $2, $3)`, [
    workspaceId,
    key,
    JSON.stringify([{ count: perSecond, perMs: 1_000 }]),
  ]);
  const each = Math.ceil(calls / workers);
  const callers = await Promise.all(
    Array.from({ length: workers }, () => forkFake(join(import.meta.dirname, 'caller.ts'), [database.url, service.url, String(each)])),
  );
  let rates = { total: 0, busiest: 0, spanMs: 0 };
  while (rates.total < each * workers) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    rates = (await service.control('rates')) as typeof rates; // as: counting-service.ts writes it
  }
  // Without the burst at its beginning, which costs no time.
  const reached = ((rates.total - perSecond) / rates.spanMs) * 1_000;
  const report = {
    limitPerSecond: perSecond,
    workers,
    calls: rates.total,
    busiestSecond: rates.busiest,
    perSecond: reached,
    share: reached / perSecond,
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  await Promise.all(callers.map((caller) => caller.close()));
} finally {
  await service.close();
  await database.close();
  await stopServices();
}
