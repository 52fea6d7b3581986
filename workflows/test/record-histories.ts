import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureTemporalBinary, startTemporal } from '@holdfast/stack';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { failedAttempt, shapes, type Shape } from './shapes.ts';
import { doorbellName, workflowType, type RunActivities } from '../types.ts';

/**
 * Records a history of each shape that has none yet: `node workflows/test/record-histories.ts`. A history that exists stays as it
 * is for ever, since runs that began with it may still be waiting; `--again <name>` is for one that was never released.
 */
const folder = join(import.meta.dirname, '..', 'histories');
const again = process.argv.slice(process.argv.indexOf('--again') + 1);
const wanted = Object.entries(shapes).filter(
  ([name]) => !existsSync(join(folder, `${name}.json`)) || (process.argv.includes('--again') && again.includes(name)),
);

const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-histories-'));
const temporal = await startTemporal({
  binary: await ensureTemporalBinary({ onProgress: console.error }),
  logFile: join(dataDir, 'temporal.log'),
});
const native = await NativeConnection.connect({ address: temporal.address });
const connection = await Connection.connect({ address: temporal.address });
try {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(import.meta.dirname, '..', 'run-flow.ts') });
  for (const [name, shape] of wanted) {
    const history = await record(name, shape, workflowBundle);
    await writeFile(join(folder, `${name}.json`), `${history}\n`);
    console.log(`Recorded ${name}.`);
  }
} finally {
  await connection.close();
  await native.close();
  await temporal.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function record(name: string, shape: Shape, workflowBundle: { code: string }): Promise<string> {
  const taskQueue = `record-${name}`;
  const worker = await Worker.create({ connection: native, taskQueue, workflowBundle, activities: scripted(shape) });
  const client = new Client({ connection });
  return worker.runUntil(async () => {
    const handle = await client.workflow.start(workflowType, {
      taskQueue,
      workflowId: `run_${name}.1`,
      args: [{ runId: `run_${name}`, epoch: 1 }],
    });
    for (let rings = 0; rings < (shape.doorbells ?? 0); rings++) {
      await pause(400);
      await handle.signal(doorbellName);
    }
    await handle.result();
    // Of a chain of continued workflows the first is the longest; its end is the continuation itself.
    const first = client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
    // Who recorded it, and where its checkout lay, is nobody's business, and the same everywhere.
    const told: Record<string, string> = { identity: 'recorder', stackTrace: '' };
    return JSON.stringify(JSON.parse(historyToJSON(await first.fetchHistory())), (key, value: unknown) => told[key] ?? value);
  });
}

function scripted({ stretches, attempts = ['ends'] }: Shape): RunActivities {
  let stretch = 0;
  let attempt = 0;
  return {
    stretch: async () => stretches[Math.min(stretch++, stretches.length - 1)] ?? { status: 'ended', effects: [], wakeInMs: null },
    runEffect: async () => {
      const now = attempts[Math.min(attempt++, attempts.length - 1)];
      if (now === 'fails') throw failedAttempt();
      if (now !== 'hang') return;
      const beat = setInterval(() => Context.current().heartbeat(), 100);
      await Context.current().cancelled.finally(() => clearInterval(beat));
    },
  };
}
