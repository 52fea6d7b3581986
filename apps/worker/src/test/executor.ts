import { createRinger } from '@holdfast/runs';
import { cacheFolder } from '@holdfast/stack';
import { Client } from '@temporalio/client';
import { pino } from 'pino';
import { startExecution } from '../start-execution.ts';
import { startWorker } from '../start-worker.ts';

// What executes runs, as a process of its own that a test may freeze: express lane, worker and ringer, without a server.
// node executor.ts <database url> <temporal address> <namespace> <data folder> <how late a beat may be>; tells its lease when it is ready.
const [databaseUrl = '', temporalAddress = '', temporalNamespace = '', dataDir = '', maxLateMs = ''] = process.argv.slice(2);
const logger = pino({ level: 'silent' });
const given = { databaseUrl, temporalAddress, temporalNamespace, dataDir, logger, environment: { HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8' } };
const execution = startExecution({ ...given, kind: 'app', maxLateMs: Number(maxLateMs) });
const worker = await startWorker({ ...given, cacheDir: cacheFolder('workflows', process.env), execution });
const client = new Client({ connection: worker.temporal.connection, namespace: temporalNamespace });
const { deps, express, lease } = execution;
const ringer = createRinger({ pool: deps.pool, catalog: deps.catalog, log: logger, temporal: () => client, express, sweepMs: 200 });
execution.useBell(ringer.bell);
process.send?.({ process: lease.process });
process.once('disconnect', () => process.exit(0));
