import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './bot.ts';
import { asRecord, asText, readBytes } from './parameters.ts';
import type { TelegramFake } from './telegram-fake.ts';

/**
 * The fake's own address for tests in other processes; JSON in and out, `?token=`:
 * POST /_control/updates [update…] · POST /_control/say {chat, text} · POST /_control/faults fault · POST /_control/mess {duplicate, shuffle} ·
 * POST /_control/chat {chat, blocked?, movedTo?, isGroup?} · GET /_control/accepted · GET /_control/rates · GET /_control/state · POST /_control/stop
 */
export async function control(fake: TelegramFake, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const token = url.searchParams.get('token') ?? '1:fake';
  const body: unknown = request.method === 'POST' ? JSON.parse((await readBytes(request)).toString() || '{}') : null;
  const result = act(fake, url.pathname.slice('/_control/'.length), token, body);
  response
    .writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' })
    .end(JSON.stringify(result ?? { error: 'unknown' }));
}

function act(fake: TelegramFake, name: string, token: string, body: unknown): unknown {
  const bot = fake.bot(token);
  const given = asRecord(body);
  switch (name) {
    case 'updates':
      return { ids: fake.push(token, Array.isArray(body) ? body.map(asRecord) : [given]) };
    case 'say':
      return { id: fake.say(token, Number(given['chat']), asText(given['text'])) };
    case 'faults':
      fake.fail(token, given as unknown as Fault); // tests write it; a wrong kind fails the test that wrote it
      return { ok: true };
    case 'mess':
      bot.mess = { duplicate: given['duplicate'] === true, shuffle: given['shuffle'] === true };
      return { ok: true };
    case 'chat': {
      const chat = asText(given['chat']);
      const { blocked, movedTo, isGroup } = given;
      bot.chats.set(chat, {
        isGroup: isGroup === true,
        ...(typeof blocked === 'string' ? { blocked } : {}),
        ...(movedTo === undefined ? {} : { movedTo: asText(movedTo) }),
      });
      return { ok: true };
    }
    case 'accepted':
      return fake.accepted(token);
    case 'rates':
      return fake.rates(token);
    case 'state':
      return {
        pending: bot.updates.length,
        accepted: bot.accepted.length,
        webhook: bot.webhook?.url ?? null,
        isPolled: bot.poll !== null,
        answeredCallbacks: bot.answeredCallbacks.length,
      };
    case 'stop':
      setImmediate(() => void fake.close());
      return { ok: true };
    default:
      return undefined;
  }
}
