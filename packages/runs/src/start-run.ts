import { findPublishedFlow, findWebhookTrigger, notifyLive, transaction } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { beginRuns } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';
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

type FoundTrigger = NonNullable<Awaited<ReturnType<typeof findWebhookTrigger>>>;

async function findLiveWebhook(
  deps: Pick<RunsDeps, 'pool' | 'catalog'>,
  path: string,
): Promise<{ trigger: FoundTrigger; settings: JsonObject }> {
  const trigger = await findWebhookTrigger(deps.pool, path);
  if (!trigger) throw new HoldfastError('resource.missing', { detail: 'No flow listens at this address.' });
  if (trigger.isPaused) throw new HoldfastError('flow.not-live', { detail: 'The flow at this address is paused.' });
  const node = trigger.file.nodes.find((each) => each.id === trigger.nodeId);
  const definition = node && Object.hasOwn(deps.catalog, node.type) ? deps.catalog[node.type] : undefined;
  const config = definition?.config.safeParse(trigger.config);
  if (!config?.success)
    throw new HoldfastError('flow.invalid', {
      detail: 'The settings of this webhook can’t be read any more. Open the flow and publish it again.',
    });
  return { trigger, settings: config.data as JsonObject }; // an object schema's output that came from JSON
}

/** The methods that start a run at this address. Throws resource.missing, flow.not-live and flow.invalid. */
export async function webhookMethods(deps: Pick<RunsDeps, 'pool' | 'catalog'>, path: string): Promise<string[]> {
  const { settings } = await findLiveWebhook(deps, path);
  const wanted = settings['method'];
  return typeof wanted === 'string' && wanted !== 'any' ? [wanted] : ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
}

/** A webhook trigger's run, committed when this answers. Throws resource.missing, flow.not-live and request.invalid. */
export async function ingestWebhook(deps: RunsDeps, call: WebhookRequest): Promise<WebhookRun> {
  const { trigger, settings } = await findLiveWebhook(deps, call.path);
  const wanted = settings['method'];
  if (typeof wanted === 'string' && wanted !== 'any' && wanted !== call.method)
    throw new HoldfastError('request.invalid', { detail: `This address takes ${wanted}, not ${call.method}.` });
  const { method, headers, query, body } = call;
  const runId = await beginRuns(deps, (begin) =>
    begin(deps.pool, {
      workspaceId: trigger.workspaceId,
      flowId: trigger.flowId,
      versionId: trigger.versionId,
      triggerNodeId: trigger.nodeId,
      source: 'webhook',
      conversationId: null,
      contactId: null,
      input: wellFormed<JsonObject>({ method, headers, query, body }),
      port: 'received',
      file: trigger.file,
    }),
  );
  notifyLive(deps.pool, trigger.workspaceId, { kind: 'run', run: runId, flow: trigger.flowId, status: 'running' });
  return { runId, config: settings };
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
