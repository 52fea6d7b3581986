import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Log } from './deps.ts';

/** A call to Temporal may take this long; beyond it Temporal counts as away, and what was to be rung comes again. */
const callMs = 5_000;

/** The way to Temporal. While it is away nothing is asked but whether it is back. */
export interface TemporalLine {
  isAway: () => boolean;
  /** Null while Temporal is away. An answer that is none makes it so; "not found" and "exists already" are answers, and thrown. */
  ask: <T>(call: (client: Client) => Promise<T>) => Promise<T | null>;
  /** True when it was away and answers again. Throws when it still does not. */
  isBack: () => Promise<boolean>;
}

/** `temporal`: null while there is no connection; asked for each time. */
export function createTemporalLine({ log, temporal }: { log: Log; temporal: () => Client | null }): TemporalLine {
  let isAway = false;
  return {
    isAway: () => isAway,
    ask: async (call) => {
      const client = isAway ? null : temporal();
      if (!client) {
        isAway = true;
        return null;
      }
      try {
        return await client.withDeadline(Date.now() + callMs, () => call(client));
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) throw error;
        isAway = true;
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'Temporal does not answer; what is due waits for it');
        return null;
      }
    },
    isBack: async () => {
      const client = isAway ? temporal() : null;
      if (!client) return false;
      await client.withDeadline(Date.now() + callMs, () => client.workflowService.getSystemInfo({}));
      isAway = false;
      return true;
    },
  };
}
