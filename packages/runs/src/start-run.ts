import { findPublishedFlow, notifyLive, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import { beginRuns } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';
import { wellFormed } from './well-formed.ts';

/** A run that somebody starts by hand, with what the trigger would have given. Throws resource.missing, flow.not-live and flow.invalid. */
export async function startManualRun(
  deps: RunsDeps,
  args: { workspaceId: string; flowId: string; input: JsonObject },
): Promise<{ runId: string }> {
  const runId = await beginRuns(deps, (begin) =>
    transaction(deps.pool, async (client) => {
      const flow = await findPublishedFlow(client, args.workspaceId, args.flowId);
      if (!flow) throw new HoldfastError('flow.not-live', { detail: 'This flow has no published version.', hint: 'Publish it first.' });
      const trigger = flow.file.nodes.find((node) => deps.catalog[node.type]?.kind === 'trigger');
      if (!trigger) throw new HoldfastError('flow.invalid', { detail: 'This flow has no start.' });
      const ports = deps.catalog[trigger.type]?.ports ?? {};
      const port = Object.keys(typeof ports === 'function' ? ports(trigger.config) : ports)[0] ?? '';
      return begin(client, {
        workspaceId: args.workspaceId,
        flowId: args.flowId,
        versionId: flow.versionId,
        triggerNodeId: trigger.id,
        source: 'manual',
        conversationId: null,
        contactId: null,
        input: wellFormed(args.input),
        port,
        file: flow.file,
      });
    }),
  );
  notifyLive(deps.pool, args.workspaceId, { kind: 'run', run: runId, flow: args.flowId, status: 'running' });
  return { runId };
}
