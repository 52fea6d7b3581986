import type { ConnectionHook, Pool } from '@holdfast/db';
import type { Egress } from '@holdfast/egress';
import { createProviders } from '@holdfast/providers';
import type { RunsDeps } from '@holdfast/runs';
import { createCredentials, type Secrets } from '@holdfast/secrets';
import { createEgressFor, findReceiver, receiveMessage, startTriggers, usualPace, type Message } from '@holdfast/triggers';

interface Given {
  pool: Pool;
  secrets: Secrets;
  egress: Egress;
  runs: RunsDeps;
  /** This process's id in `leases`. */
  process: string;
  publicUrl: string | null;
}

export interface TriggerSide {
  /** Whose address it is; null: nobody's. */
  find: (credentialId: string) => Promise<ConnectionHook | null>;
  receive: (hook: ConnectionHook, message: Message) => Promise<void>;
  /** Calls in a workspace's name, within the limits of whom is called. */
  egressFor: ReturnType<typeof createEgressFor>;
  stop: () => Promise<void>;
}

/** Triggers of connected systems: what they tell, and what must be looked after that they do. */
export function startTriggerSide({ pool, secrets, egress, runs, process, publicUrl }: Given): TriggerSide {
  const gate = createProviders({ pool, egress });
  const egressFor = createEgressFor({ gate, openCredential: createCredentials({ pool, secrets, egress }).open });
  const receiving = { runs, openSecret: secrets.open, now: () => new Date() };
  const jobs = startTriggers({ ...receiving, egressFor, process, publicUrl, pace: usualPace });
  return {
    find: (credentialId) => findReceiver(runs, credentialId),
    receive: (hook, message) => receiveMessage(receiving, hook, message),
    egressFor,
    stop: async () => {
      await jobs.stop();
      await gate.close();
    },
  };
}
