import { findListener, findWebhookTrigger, type Listener, type Pool, type WebhookSecret } from '@holdfast/db';
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
  /** What callers prove themselves with, sealed; null: the settings name none that is there. */
  credential: WebhookSecret | null;
  /** When it was looked up, by `performance.now()`. */
  foundAt: number;
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
  const { workspaceId, flowId, versionId, nodeId, file, credential } = trigger;
  const checked = checkConfig(deps, file.nodes.find((each) => each.id === nodeId)?.type, trigger.config);
  const found: WebhookTrigger = {
    workspaceId,
    flowId,
    versionId,
    nodeId,
    method: methodOf(checked),
    config: checked,
    settings: file.settings,
    credential,
    foundAt: performance.now(),
  };
  memoryOf(deps).set(path, found);
  return found;
}

function checkConfig({ catalog }: Deps, type: string | undefined, given: JsonObject): JsonObject {
  const definition = type !== undefined && Object.hasOwn(catalog, type) ? catalog[type] : undefined;
  const config = definition?.config.safeParse(given);
  if (!config?.success)
    throw new HoldfastError('flow.invalid', {
      detail: 'The settings of this webhook can’t be read any more. Open the flow and publish it again.',
    });
  return config.data as JsonObject; // an object schema's output that came from JSON
}

const methodOf = ({ method }: JsonObject): string | null => (typeof method === 'string' && method !== 'any' ? method : null);

/** A draft's trigger for whose address somebody waits for a test request; null: nobody does. */
export async function findTestWebhook(deps: Deps, path: string): Promise<(Listener & Pick<WebhookTrigger, 'method'>) | null> {
  const listener = await findListener(deps.pool, path);
  if (!listener) return null;
  const config = checkConfig(deps, 'webhook-trigger', listener.config);
  return { ...listener, config, method: methodOf(config) };
}

/** Whether a call with this method starts a run. */
export const takesMethod = ({ method }: Pick<WebhookTrigger, 'method'>, called: string): boolean => method === null || method === called;
