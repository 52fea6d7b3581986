import type { Client } from '@temporalio/client';
import { claimComparison, noteTemporalBirth, runsInTemporal, takeOverLostRuns, type Pool } from '@holdfast/db';
import type { Log } from './deps.ts';
import type { Tally } from './tally.ts';

/** A run of this long silence is looked for; a younger one is mostly not in Temporal's list yet. */
const idleMs = 5_000;
/** Temporal's list is read whole at most this often, by one of our processes: 10,000 open workflows are ten pages. */
const compareEveryMs = 30_000;
const pageSize = 1_000;
/** So many runs are asked for side by side. */
const sideBySide = 10;
/** One statement's worth: a few milliseconds, so that nobody waits for its locks. */
const takeOverPage = 500;

interface Options {
  pool: Pool;
  log: Log;
  handOvers: Tally | undefined;
  workflowType: string;
  taskQueue: string;
  /** Null while Temporal is away. */
  ask: <T>(call: (client: Client) => Promise<T>) => Promise<T | null>;
  /** Asks Temporal about this one run before anything is done: its list may be seconds late. */
  takeOverIfGone: (run: { id: string; epoch: number }) => Promise<void>;
}

/**
 * LOST. A Temporal database that was deleted has a namespace with another id: everything that ran in the old one is taken over in bulk. What
 * is missing singly (a restored backup, a workflow that somebody ended) is found by comparing our runs with Temporal's list of open ones.
 */
export function createLostSweep({ pool, log, handOvers, workflowType, taskQueue, ask, takeOverIfGone }: Options): () => Promise<void> {
  const noteBirth = async (): Promise<void> => {
    const askedAt = performance.now();
    const found = await ask((client) => client.workflowService.describeNamespace({ namespace: client.options.namespace }));
    const id = found?.namespaceInfo?.id;
    if (!id || !(await noteTemporalBirth(pool, id, performance.now() - askedAt))) return;
    log.warn({ namespaceId: id }, 'Temporal has a new database: all its runs are started anew from their journals');
  };
  const takeOverAll = async (): Promise<void> => {
    for (let taken = takeOverPage; taken === takeOverPage;) {
      taken = await takeOverLostRuns(pool, takeOverPage);
      handOvers?.add('temporal-lost', taken);
    }
  };
  const listOpen = async (): Promise<Set<string> | null> => {
    const open = new Set<string>();
    const query = `WorkflowType = '${workflowType}' AND TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
    for (let nextPageToken: Uint8Array | null = new Uint8Array(); nextPageToken !== null;) {
      const token: Uint8Array = nextPageToken;
      const page = await ask((client) =>
        client.workflowService.listWorkflowExecutions({ namespace: client.options.namespace, pageSize, query, nextPageToken: token }),
      );
      if (!page) return null;
      for (const each of page.executions) if (each.execution?.workflowId) open.add(each.execution.workflowId);
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : null;
    }
    return open;
  };
  const compare = async (): Promise<void> => {
    const open = await listOpen();
    if (!open) return;
    for (let after: string | null = ''; after !== null;) {
      const page: { id: string; epoch: number }[] = await runsInTemporal(pool, { after, limit: pageSize, idleMs });
      const missing = page.filter((run) => !open.has(`${run.id}.${run.epoch}`));
      for (let first = 0; first < missing.length; first += sideBySide)
        await Promise.all(missing.slice(first, first + sideBySide).map(takeOverIfGone));
      after = page.length === pageSize ? (page.at(-1)?.id ?? null) : null;
    }
  };
  return async () => {
    await noteBirth();
    await takeOverAll();
    if (await claimComparison(pool, compareEveryMs)) await compare();
  };
}
