import { createAgentLine } from '@holdfast/agents';
import { createPool } from '@holdfast/db';
import { startDeliverer, ungated } from '@holdfast/providers';
import { createEgress } from '@holdfast/egress';
import {
  createCarryOut,
  createExpressLane,
  createTally,
  hearBells,
  remoteBell,
  startLease,
  type Bell,
  type ExecutionDeps,
  type ExpressLane,
  type Lease,
  type LeaseFacts,
  type Tally,
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
  /** How late a beat of the lease may be. Tests share their machine, and are more patient. */
  maxLateMs?: number;
  /** Tests put their own in place of what a run reaches. */
  alter?: (deps: ExecutionDeps) => ExecutionDeps;
}

export interface Execution {
  deps: ExecutionDeps;
  /** The one lease of this operating system process. */
  lease: Lease;
  express: ExpressLane;
  /** Hand-overs by cause, told with the lease. */
  handOvers: Tally;
  /** Has more told with the lease. */
  tell: (more: () => LeaseFacts) => void;
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
  const secrets = createSecrets({ secretKey: settings.secretKey, dataDir: options.dataDir });
  const agents = createAgentLine({ pool, secrets });
  const egress = createEgress({ allow: settings.egressAllow, carry: agents.carry });
  const kind = options.kind ?? 'worker';
  const handOvers = createTally();
  const tellers: (() => LeaseFacts)[] = [() => ({ handOvers: handOvers.read() })];
  const facts = (): LeaseFacts => Object.assign({}, ...tellers.map((tell) => tell()));
  const { maxLateMs } = options;
  const lease = startLease({ pool: leasePool, kind, log: logger, facts, ...(maxLateMs === undefined ? {} : { maxLateMs }) });
  const bell: Bell = remoteBell(pool);
  const made = createExecutionDeps({ pool, egress, secrets, settings, lease, bell, log: logger });
  const deps = { ...(options.alter?.(made) ?? made), handOvers };
  const express = createExpressLane(deps, { process: lease.process });
  const deliverer = startDeliverer({
    pool,
    gate: deps.providers ?? ungated(deps.egress),
    process: lease.process,
    isAlive: lease.isAlive,
    openCredential: deps.openCredential,
    carryOut: createCarryOut(deps),
    log: logger,
  });
  tellers.push(() => ({ express: express.facts().executing }));
  const listener = kind === 'worker' ? hearBells(pool, { queued: express.ring }) : null;
  return {
    deps,
    lease,
    express,
    handOvers,
    tell: (more) => void tellers.push(more),
    useBell: (other) => void Object.assign(bell, other),
    stop: async () => {
      await listener?.close();
      await express.drain();
      await deliverer.stop();
      await deps.providers?.close?.();
      await deps.databases?.close?.();
      await lease.stop();
      await egress.close();
      await agents.close();
      await Promise.all([pool.end(), leasePool.end()]);
    },
  };
}
