import { startWorker } from './start-worker.ts';

const {
  DATABASE_URL: databaseUrl,
  TEMPORAL_ADDRESS: temporalAddress,
  TEMPORAL_NAMESPACE: temporalNamespace,
  HOLDFAST_DATA_DIR: dataDir = '.holdfast',
} = process.env;
if (!databaseUrl || !temporalAddress) {
  console.error('A worker by itself needs DATABASE_URL and TEMPORAL_ADDRESS. `pnpm start` runs everything together.');
  process.exit(2);
}
const worker = await startWorker({ databaseUrl, temporalAddress, dataDir, ...(temporalNamespace ? { temporalNamespace } : {}) });
let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void worker.stop().then(() => process.exit(0));
  });
