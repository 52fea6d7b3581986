import type { ServerResponse } from 'node:http';

/** What a method answers: a result, or Telegram's own kind of refusal. */
export type Reply =
  | { result: unknown }
  | { error: number; description: string; parameters?: { retry_after?: number; migrate_to_chat_id?: number } };

export const refuse = (error: number, description: string, parameters?: { retry_after?: number; migrate_to_chat_id?: number }): Reply => ({
  error,
  description,
  ...(parameters ? { parameters } : {}),
});

export function answer(response: ServerResponse, reply: Reply): void {
  if (response.destroyed || response.writableEnded) return;
  if ('result' in reply) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result: reply.result }));
    return;
  }
  const { error, description, parameters } = reply;
  const retryAfter = parameters?.retry_after;
  response
    .writeHead(error, { 'content-type': 'application/json', ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) })
    .end(JSON.stringify({ ok: false, error_code: error, description, ...(parameters ? { parameters } : {}) }));
}
