import { findWebhookTrigger, type Pool } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { FlowFile } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { RunsDeps } from './deps.ts';
import { createLru, type Lru } from './lru.ts';

/** What listens at a webhook's address. */
export interface WebhookTrigger {
  workspaceId: string;
  flowId: string;
  versionId: string;
  nodeId: string;
  /** Null: any. */
  method: string | null;
  /** Of the trigger's node, checked. */
  config: JsonObject;
  settings: FlowFile['settings'];
}

type Deps = Pick<RunsDeps, 'pool' | 'catalog'>;

const remembered = new WeakMap<Pool, Lru<WebhookTrigger>>();
const kept = 1_000;

function memoryOf({ pool }: Deps): Lru<WebhookTrigger> {
  const memory = remembered.get(pool) ?? createLru<WebhookTrigger>(kept);
  remembered.set(pool, memory);
  return memory;
}

/**
 * What was live at this address when it was last looked up; null when that is not known. Only for who has it checked with what he writes, as
 * `insertRun` does by the path.
 */
export const recallWebhook = (deps: Deps, path: string): WebhookTrigger | null => memoryOf(deps).get(path) ?? null;

/** What is live at this address. Throws resource.missing, flow.not-live and flow.invalid. */
export async function findLiveWebhook(deps: Deps, path: string): Promise<WebhookTrigger> {
  memoryOf(deps).delete(path);
  const trigger = await findWebhookTrigger(deps.pool, path);
  if (!trigger) throw new HoldfastError('resource.missing', { detail: 'No flow listens at this address.' });
  if (trigger.isPaused) throw new HoldfastError('flow.not-live', { detail: 'The flow at this address is paused.' });
  const { workspaceId, flowId, versionId, nodeId, file } = trigger;
  const node = file.nodes.find((each) => each.id === nodeId);
  const definition = node && Object.hasOwn(deps.catalog, node.type) ? deps.catalog[node.type] : undefined;
  const config = definition?.config.safeParse(trigger.config);
  if (!config?.success)
    throw new HoldfastError('flow.invalid', {
      detail: 'The settings of this webhook can’t be read any more. Open the flow and publish it again.',
    });
  const checked = config.data as JsonObject; // an object schema's output that came from JSON
  const { method } = checked;
  const found: WebhookTrigger = {
    workspaceId,
    flowId,
    versionId,
    nodeId,
    method: typeof method === 'string' && method !== 'any' ? method : null,
    config: checked,
    settings: file.settings,
  };
  memoryOf(deps).set(path, found);
  return found;
}

/** Whether a call with this method starts a run. */
export const takesMethod = ({ method }: WebhookTrigger, called: string): boolean => method === null || method === called;
