import { parseDuration, type JsonObject, type JsonValue, type Scope } from '@holdfast/node-kit';
import { loadRunScope, takeWebhook, type ResultWaiters, type RunsDeps, type WebhookKnock } from '@holdfast/runs';
import { answerWith, readAnswering, type Answering, type Reply } from '@holdfast/webhooks';
import { databasePatience } from '../http/database-patience.ts';

export interface WebhookCall extends WebhookKnock {
  /** Fires when the caller hangs up. */
  signal: AbortSignal;
}
export interface WebhookAnswer extends Reply {
  /** Null: it was kept as a sample. */
  run: string | null;
}

/** Takes a call in and says how its caller is answered. Once a run is committed this throws no more: whoever hears an error sends it again. */
export async function answerCall(
  { runs, waiters }: { runs: RunsDeps; waiters: ResultWaiters },
  { signal, ...knock }: WebhookCall,
): Promise<WebhookAnswer> {
  const taken = await databasePatience()(takeWebhook(runs, knock));
  const settings = readAnswering(taken.config);
  if (taken.state === 'kept')
    return { run: null, ...writtenAtOnce(runs, settings, scopeOf(taken.trigger, ''), json(200, { state: 'test', kept: true })) };
  const run = taken.runId;
  if (settings.respond === 'now')
    return { run, ...writtenAtOnce(runs, settings, scopeOf(taken.trigger, run), json(settings.status, { run, state: 'received' })) };
  const found = await waiters.awaitResult(run, parseDuration(settings.timeout), signal);
  if (found.state !== 'ended') return { run, ...json(202, { run, state: found.state }) };
  if (found.outcome !== 'done') return { run, ...json(502, { run, state: 'failed' }) };
  if (settings.respond === 'template') return { run, ...(await written(runs, settings, run)) };
  return { run, ...resultReply(settings.status, found.result) };
}

function writtenAtOnce({ log }: RunsDeps, settings: Answering, scope: Scope, otherwise: Reply): Reply {
  if (settings.respond !== 'now' || (settings.answer ?? '').trim() === '') return otherwise;
  try {
    return answerWith(settings, scope);
  } catch (error) {
    log.warn({ run: scope.run.id, error: String(error) }, 'A webhook’s answer could not be filled in');
    return otherwise;
  }
}

async function written(runs: RunsDeps, settings: Answering, run: string): Promise<Reply> {
  try {
    const scope = await loadRunScope(runs, run);
    if (scope) return answerWith(settings, scope);
  } catch (error) {
    runs.log.warn({ run, error: String(error) }, 'A webhook’s answer could not be filled in');
  }
  return json(502, { run, state: 'unanswered' });
}

const resultReply = (status: number, result: JsonValue): Reply =>
  typeof result === 'string' ? { status, type: 'text/plain; charset=utf-8', headers: {}, body: result } : json(status, result);

const json = (status: number, body: JsonValue): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  headers: {},
  body: JSON.stringify(body),
});

const scopeOf = (trigger: JsonObject, run: string): Scope => ({
  trigger,
  nodes: {},
  contact: null,
  conversation: null,
  variables: {},
  run: { id: run, startedAt: new Date().toISOString(), flow: '' },
});
