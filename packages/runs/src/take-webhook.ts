import { keepSample, notifyLive } from '@holdfast/db';
import { asHoldfastError, HoldfastError, say } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import { beginRuns, RepeatedDelivery, StaleTrigger } from './begin-run.ts';
import type { RunsDeps } from './deps.ts';
import { countRefusal } from './webhook-refusals.ts';
import { findLiveWebhook, findTestWebhook, recallWebhook, takesMethod, type WebhookTrigger } from './webhook-triggers.ts';
import { wellFormed } from './well-formed.ts';

/** What came in, once it is known who sent it. */
export interface Admitted {
  input: { headers: Record<string, string>; query: Record<string, string>; body: JsonValue };
  /** The caller's id of the message: a second one under it starts nothing. */
  messageId: string | null;
}

/** A call that is not read yet. `admit` proves it by the trigger's settings and reads it; what it throws is a refusal. */
export interface WebhookKnock {
  path: string;
  method: string;
  admit: (trigger: Pick<WebhookTrigger, 'config' | 'credential'>) => Admitted;
}

/** `run`: it is committed, `isRepeated` by an earlier call with its id · `kept`: no run, somebody waited for it as a sample of a draft. */
export type WebhookTaken =
  | { state: 'run'; runId: string; isRepeated: boolean; config: JsonObject; trigger: JsonObject }
  | { state: 'kept'; config: JsonObject; trigger: JsonObject };

/** A wrong call is looked at again with what is live now, but not more often than this: each look is a question to the database. */
const lookAgainMs = 1_000;

/** The methods that start a run at this address. Throws resource.missing, flow.not-live and flow.invalid. */
export async function webhookMethods(deps: Pick<RunsDeps, 'pool' | 'catalog'>, path: string): Promise<string[]> {
  const trigger = await findLiveWebhook(deps, path);
  return trigger.method === null ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] : [trigger.method];
}

/**
 * Takes a call in: one round trip where its trigger and its secret are still the ones that were looked up last; its run is committed when this answers.
 * Throws resource.missing, flow.not-live, request.invalid and what the knock's `admit` throws.
 */
export async function takeWebhook(deps: RunsDeps, call: WebhookKnock): Promise<WebhookTaken> {
  const recalled = recallWebhook(deps, call.path);
  if (recalled && takesMethod(recalled, call.method)) {
    const taken = await startAt(deps, recalled, call).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      // The secret may have been changed a moment ago.
      if (performance.now() - recalled.foundAt < lookAgainMs) throw refuse(deps, recalled, error);
      return null;
    });
    if (taken) return taken;
  }
  const found = await findLiveWebhook(deps, call.path).catch((error: unknown) => keepAsSample(deps, call, error));
  if ('state' in found) return found;
  if (!takesMethod(found, call.method))
    throw new HoldfastError('request.invalid', { detail: say`This address takes ${found.method ?? ''}, not ${call.method}.` });
  const taken = await startAt(deps, found, call).catch((error: unknown) => {
    throw error instanceof Refused ? refuse(deps, found, error) : error;
  });
  if (taken) return taken;
  throw new HoldfastError('flow.not-live', { detail: 'The flow at this address was changed at this very moment.', hint: 'Call again.' });
}

/** What the caller hears of a wrong call is its cause; whether it is counted depends on where it was noticed. */
class Refused extends Error {
  override readonly cause: HoldfastError;
  constructor(cause: HoldfastError) {
    super(cause.detail);
    this.cause = cause;
  }
}

function admit(
  call: WebhookKnock,
  trigger: Pick<WebhookTrigger, 'config' | 'credential'>,
): { input: JsonObject; messageId: string | null } {
  try {
    const { input, messageId } = call.admit(trigger);
    return { input: wellFormed<JsonObject>({ method: call.method, ...input }), messageId };
  } catch (error) {
    throw new Refused(asHoldfastError(error, 'request.malformed'));
  }
}

function refuse(deps: RunsDeps, { workspaceId, flowId, nodeId }: WebhookTrigger, { cause }: Refused): HoldfastError {
  countRefusal(deps, { workspaceId, flowId, nodeId, code: cause.code, detail: cause.detail });
  return cause;
}

/** Null, and nothing written, when the trigger or its secret is not what is live at the path any more. */
async function startAt(deps: RunsDeps, trigger: WebhookTrigger, call: WebhookKnock): Promise<WebhookTaken | null> {
  const { workspaceId, flowId, versionId, nodeId, config, settings, credential } = trigger;
  const { input, messageId } = admit(call, trigger);
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
        input,
        deliveryId: messageId,
        through: { path: call.path, credential: credential && { id: credential.id, secret: credential.secret } },
        port: 'received',
        file: { settings },
      }),
    );
    notifyLive(deps.pool, workspaceId, { kind: 'run', run: runId, flow: flowId, status: 'running' });
    return { state: 'run', runId, isRepeated: false, config, trigger: input };
  } catch (error) {
    if (error instanceof RepeatedDelivery) return { state: 'run', runId: error.runId, isRepeated: true, config, trigger: input };
    if (error instanceof StaleTrigger) return null;
    throw error;
  }
}

/** Nothing is live at the path: whoever waits there for a test request gets it, and no run begins. Throws `missing` when nobody does. */
async function keepAsSample(deps: RunsDeps, call: WebhookKnock, missing: unknown): Promise<WebhookTaken> {
  if (!(missing instanceof HoldfastError) || !(missing.code === 'resource.missing' || missing.code === 'flow.not-live')) throw missing;
  const listener = await findTestWebhook(deps, call.path);
  if (!listener) throw missing;
  const { workspaceId, flowId, nodeId, config } = listener;
  const of = { workspaceId, flowId, nodeId };
  try {
    if (!takesMethod(listener, call.method))
      throw new HoldfastError('request.invalid', { detail: say`This address takes ${listener.method ?? ''}, not ${call.method}.` });
    const { input } = admit(call, listener);
    await keepSample(deps.pool, { ...of, sample: input });
    return { state: 'kept', config, trigger: input };
  } catch (error) {
    const refusal = error instanceof Refused ? error.cause : error;
    if (refusal instanceof HoldfastError) await keepSample(deps.pool, { ...of, problem: { code: refusal.code, detail: refusal.detail } });
    throw refusal;
  }
}
