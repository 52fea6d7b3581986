import {
  listeningTriggers,
  newId,
  noteConnectionEvent,
  notifyLive,
  setEventState,
  transaction,
  type ConnectionTrigger,
  type NewConnectionEvent,
} from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import { beginRuns, wellFormed, type RunsDeps } from '@holdfast/runs';

/** What happened in a connected system, by whatever way we know it. */
export interface ConnectionEvent extends Pick<
  NewConnectionEvent,
  'topic' | 'subject' | 'version' | 'deliveryId' | 'eventId' | 'cameBy' | 'happenedAt' | 'newerCovers'
> {
  /** What its runs are given. */
  input: JsonObject;
  /** Whether a trigger with this config wants it; by its topic alone when left out. */
  fits?: (config: JsonObject) => boolean;
}

export type EventTaken = 'started' | 'late' | 'unwanted' | 'known';
interface Of {
  workspaceId: string;
  credentialId: string;
}

/** Takes events in, in their order; each is committed with the runs that it begins, once. */
export async function takeEvents(runs: RunsDeps, of: Of, events: readonly ConnectionEvent[]): Promise<EventTaken[]> {
  const taken: EventTaken[] = [];
  for (const event of events) taken.push(await takeEvent(runs, of, event));
  return taken;
}

async function takeEvent(runs: RunsDeps, of: Of, event: ConnectionEvent): Promise<EventTaken> {
  const begun: { runId: string; flowId: string }[] = [];
  const state = await beginRuns(runs, (begin) =>
    transaction(runs.pool, async (client): Promise<EventTaken> => {
      const id = newId('inbox');
      const { isNew, isLate } = await noteConnectionEvent(client, { ...of, ...event, id });
      if (!isNew) return 'known';
      const fitting = (await listeningTriggers(client, { ...of, topic: event.topic })).filter(({ config }) => event.fits?.(config) ?? true);
      const starting = fitting.filter(({ config }) => !isLate || config['late'] !== 'skip');
      for (const trigger of starting)
        begun.push({
          flowId: trigger.flowId,
          runId: await begin(client, startOf(of, trigger, { input: event.input, deliveryId: id, port: 'happened' })),
        });
      if (starting.length > 0) return 'started';
      const why = fitting.length > 0 ? 'late' : 'unwanted';
      await setEventState(client, { id, state: why });
      return why;
    }),
  );
  for (const { runId, flowId } of begun)
    notifyLive(runs.pool, of.workspaceId, { kind: 'run', run: runId, flow: flowId, status: 'running' });
  return state;
}

/** A run of a connection's trigger. */
export const startOf = (
  { workspaceId }: { workspaceId: string },
  { flowId, versionId, nodeId, file }: ConnectionTrigger,
  given: { input: JsonObject; deliveryId: string; port: string },
) => ({
  workspaceId,
  flowId,
  versionId,
  triggerNodeId: nodeId,
  source: 'connection' as const,
  conversationId: null,
  contactId: null,
  input: wellFormed<JsonObject>(given.input),
  deliveryId: given.deliveryId,
  port: given.port,
  file,
});
