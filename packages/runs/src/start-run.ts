import { findPublishedFlow, notifyLive, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { beginRuns, StaleTrigger } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';
import { findLiveWebhook, recallWebhook, takesMethod, type WebhookTrigger } from './webhook-triggers.ts';
import { wellFormed } from './well-formed.ts';

export interface WebhookRequest {
  path: string;
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: JsonValue;
}

export interface WebhookRun {
  runId: string;
  /** The trigger's own settings: how the caller is answered. */
  config: JsonObject;
}

/** The methods that start a run at this address. Throws resource.missing, flow.not-live and flow.invalid. */
export async function webhookMethods(deps: Pick<RunsDeps, 'pool' | 'catalog'>, path: string): Promise<string[]> {
  const trigger = await findLiveWebhook(deps, path);
  return trigger.method === null ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] : [trigger.method];
}

/** A webhook trigger's run, committed when this answers. Throws resource.missing, flow.not-live and request.invalid. */
export async function ingestWebhook(deps: RunsDeps, call: WebhookRequest): Promise<WebhookRun> {
  const recalled = recallWebhook(deps, call.path);
  if (recalled && takesMethod(recalled, call.method)) {
    const run = await startAt(deps, recalled, call);
    if (run) return run;
  }
  const found = await findLiveWebhook(deps, call.path);
  if (!takesMethod(found, call.method))
    throw new HoldfastError('request.invalid', { detail: `This address takes ${found.method}, not ${call.method}.` });
  const run = await startAt(deps, found, call);
  if (run) return run;
  throw new HoldfastError('flow.not-live', { detail: 'The flow at this address was changed at this very moment.', hint: 'Call again.' });
}

/** Null, and nothing written, when the trigger is not what is live at the path any more. */
async function startAt(deps: RunsDeps, trigger: WebhookTrigger, call: WebhookRequest): Promise<WebhookRun | null> {
  const { workspaceId, flowId, versionId, nodeId, config, settings } = trigger;
  const { path, method, headers, query, body } = call;
  try {
    const runId = await beginRuns(deps, (begin) =>
      begin(deps.pool, {
        workspaceId,
        flowId,
        versionId,
        triggerNodeId: nodeId,
        source: 'webhook',
        conversationId: null,
        contactId: null,
        input: wellFormed<JsonObject>({ method, headers, query, body }),
        path,
        port: 'received',
        file: { settings },
      }),
    );
    notifyLive(deps.pool, workspaceId, { kind: 'run', run: runId, flow: flowId, status: 'running' });
    return { runId, config };
  } catch (error) {
    if (error instanceof StaleTrigger) return null;
    throw error;
  }
}

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
