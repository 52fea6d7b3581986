import { createPool } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import {
  createExpressLane,
  hearBells,
  remoteBell,
  startLease,
  type Bell,
  type ExecutionDeps,
  type ExpressLane,
  type Lease,
} from '@holdfast/runs';
import { createSecrets } from '@holdfast/secrets';
import { pino, type Logger } from 'pino';
import { createExecutionDeps } from './execution-deps.ts';
import { readWorkerSettings } from './worker-settings.ts';

export interface StartExecutionOptions {
  databaseUrl: string;
  dataDir: string;
  logger?: Logger;
  environment?: NodeJS.ProcessEnv;
  /** `app` when the server runs in the same process, and hears the bells for both. */
  kind?: 'app' | 'worker';
  /** Tests put their own in place of what a run reaches. */
  alter?: (deps: ExecutionDeps) => ExecutionDeps;
}

export interface Execution {
  deps: ExecutionDeps;
  /** The one lease of this operating system process. */
  lease: Lease;
  express: ExpressLane;
  /** Rings in this process from now on, instead of telling others. */
  useBell: (bell: Bell) => void;
  /** Hands over what the express lane has under way, and closes. */
  stop: () => Promise<void>;
}

/** What executes runs in this process, whether or not Temporal is there: the express lane works by itself, the worker joins when it can. */
export function startExecution(options: StartExecutionOptions): Execution {
  const settings = readWorkerSettings(options.environment ?? process.env);
  const logger = options.logger ?? pino({ level: settings.logLevel, name: 'worker' });
  const pool = createPool(options.databaseUrl, { name: 'holdfast-worker', max: 30, statementTimeoutMs: 30_000 });
  const leasePool = createPool(options.databaseUrl, { name: 'holdfast-lease', max: 1, statementTimeoutMs: 2_500 });
  const egress = createEgress({ allow: settings.egressAllow });
  const secrets = createSecrets(settings.secretKey === null ? { dataDir: options.dataDir } : { key: settings.secretKey });
  const kind = options.kind ?? 'worker';
  const lease = startLease({ pool: leasePool, kind, log: logger });
  const bell: Bell = remoteBell(pool);
  const made = createExecutionDeps({ pool, egress, secrets, settings, lease, bell, log: logger });
  const deps = options.alter?.(made) ?? made;
  const express = createExpressLane(deps, { process: lease.process });
  const listener = kind === 'worker' ? hearBells(pool, { queued: express.ring }) : null;
  return {
    deps,
    lease,
    express,
    useBell: (other) => void Object.assign(bell, other),
    stop: async () => {
      await listener?.close();
      await express.drain();
      await lease.stop();
      await egress.close();
      await Promise.all([pool.end(), leasePool.end()]);
    },
  };
}
