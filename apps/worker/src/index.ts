export { createExecutionDeps } from './execution-deps.ts';
export { startExecution, type Execution } from './start-execution.ts';
export { startWorker, type RunningWorker, type StartWorkerOptions } from './start-worker.ts';
export { readWorkerSettings, type WorkerSettings } from './worker-settings.ts';
