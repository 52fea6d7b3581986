import { findPublishedFlow, notifyLive, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import { beginRuns } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';

interface Replay {
  workspaceId: string;
  flowId: string;
  /** The trigger that it came by. */
  nodeId: string;
  /** The run that it began the first time. */
  replayOf: string;
  input: JsonObject;
}

/** What was delivered once begins another run, on what is live now. Throws flow.not-live. */
export async function replayDelivery(deps: RunsDeps, { workspaceId, flowId, nodeId, replayOf, input }: Replay): Promise<{ runId: string }> {
  const runId = await beginRuns(deps, (begin) =>
    transaction(deps.pool, async (client) => {
      const flow = await findPublishedFlow(client, workspaceId, flowId);
      const trigger = flow?.file.nodes.find((node) => node.id === nodeId);
      const definition = trigger && deps.catalog[trigger.type];
      if (!flow || definition?.kind !== 'trigger' || definition.source !== 'webhook')
        throw new HoldfastError('flow.not-live', {
          detail: 'The webhook that this came by is not in the published version any more.',
          hint: 'Publish a version that has it, then replay again.',
        });
      return begin(client, {
        workspaceId,
        flowId,
        versionId: flow.versionId,
        triggerNodeId: nodeId,
        source: 'webhook',
        conversationId: null,
        contactId: null,
        input,
        replayOf,
        port: 'received',
        file: flow.file,
      });
    }),
  );
  notifyLive(deps.pool, workspaceId, { kind: 'run', run: runId, flow: flowId, status: 'running' });
  return { runId };
}
