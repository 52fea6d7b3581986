import { HoldfastError } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { RunsDeps } from '../deps.ts';
import { takeWebhook } from '../take-webhook.ts';

/** A call that is read and proven. */
interface WebhookRequest {
  path: string;
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  body: JsonValue;
}

/** Lets a proven call in, as the server does. For tests only. */
export async function ingestWebhook(deps: RunsDeps, call: WebhookRequest): Promise<{ runId: string; config: JsonObject }> {
  const { path, method, headers, query, body } = call;
  const taken = await takeWebhook(deps, { path, method, admit: () => ({ input: { headers, query, body }, messageId: null }) });
  if (taken.state === 'run') return taken;
  throw new HoldfastError('resource.missing', { detail: 'No flow listens at this address.' });
}
