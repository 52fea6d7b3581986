import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closed, listen } from '../listen.ts';
import { createBot, type Accepted, type Bot, type Fault, type Update } from './bot.ts';
import { control } from './control.ts';
import { playFault, takeFaults } from './faults.ts';
import { asRecord, asText, readParameters, type Parameters } from './parameters.ts';
import { endPoll, getUpdates, wakePoll } from './polling.ts';
import { createRandom } from './random.ts';
import { rates, type Rates } from './rates.ts';
import { answer, refuse, type Reply } from './reply.ts';
import { acceptSend, editText, isSend, refusalOfSend, type Call } from './sending.ts';
import { deliverByWebhook } from './webhook.ts';

export interface TelegramFakeOptions {
  port?: number;
  seed?: number;
  /** Only these tokens are known; any well-formed one when left out. */
  tokens?: string[];
  /** Webhook retries come this much sooner: 0.01 turns a second into 10 ms. */
  webhookTimeScale?: number;
}

/** A Bot API on a real socket. It keeps what it took in a journal and honours no idempotency: what is sent twice arrives twice. */
export interface TelegramFake {
  url: string;
  port: number;
  bot: (token: string) => Bot;
  /** Queues updates (their update_id is given by the fake) and answers their ids. */
  push: (token: string, updates: Record<string, unknown>[]) => number[];
  /** A private text message of a customer: the chat and the person have the same id. */
  say: (token: string, chat: number, text: string, more?: Record<string, unknown>) => number;
  fail: (token: string, fault: Fault) => void;
  /** Every message that was taken, in order. */
  accepted: (token?: string) => Accepted[];
  rates: (token: string) => Rates;
  /** Bytes that getFile will find. */
  addFile: (token: string, fileId: string, bytes: Buffer, path?: string) => void;
  close: () => Promise<void>;
}

interface World {
  bots: Map<string, Bot>;
  random: () => number;
  seq: number;
  options: TelegramFakeOptions;
}

export async function startTelegramFake(options: TelegramFakeOptions = {}): Promise<TelegramFake> {
  const world: World = { bots: new Map(), random: createRandom(options.seed ?? 1), seq: 0, options };
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    serve(world, fake, request, response).catch(() => response.socket?.destroy());
  });
  const port = await listen(server, '127.0.0.1', options.port ?? 0);
  const bot = (token: string): Bot => {
    const known = world.bots.get(token) ?? createBot(token);
    world.bots.set(token, known);
    return known;
  };
  const fake: TelegramFake = {
    url: `http://127.0.0.1:${port}`,
    port,
    bot,
    push: (token, updates) => push(world, bot(token), updates),
    say: (token, chat, text, more = {}) => push(world, bot(token), [customerMessage(bot(token), chat, text, more)])[0] ?? 0,
    fail: (token, fault) => void bot(token).faults.push({ ...fault }),
    accepted: (token) =>
      token === undefined ? [...world.bots.values()].flatMap((one) => one.accepted).sort((a, b) => a.seq - b.seq) : bot(token).accepted,
    rates: (token) => rates(bot(token).accepted),
    addFile: (token, fileId, bytes, path = `files/${fileId}`) => void bot(token).files.set(fileId, { fileId, path, bytes }),
    close: async () => {
      for (const one of world.bots.values()) {
        if (one.poll) clearTimeout(one.poll.timer);
        if (one.webhook?.timer) clearTimeout(one.webhook.timer);
        one.webhook = null;
      }
      server.closeAllConnections();
      await closed(server);
    },
  };
  return fake;
}

function customerMessage(bot: Bot, chat: number, text: string, more: Record<string, unknown>): Record<string, unknown> {
  const person = { id: chat, is_bot: false, first_name: `Customer ${chat}`, language_code: 'en' };
  return {
    message: {
      message_id: bot.nextMessageId++,
      date: Math.floor(Date.now() / 1_000),
      from: person,
      chat: { id: chat, type: 'private', first_name: person.first_name },
      text,
      ...more,
    },
  };
}

function push(world: World, bot: Bot, updates: Record<string, unknown>[]): number[] {
  const made = updates.map((update): Update => ({ update_id: bot.nextUpdateId++, ...update }));
  bot.updates.push(...made);
  for (const update of made) learnChats(bot, update);
  wakePoll(bot, world.random);
  deliverByWebhook(bot, world.options.webhookTimeScale ?? 1);
  return made.map(({ update_id }) => update_id);
}

/** A bot may write where it was written to. */
function learnChats(bot: Bot, update: Update): void {
  for (const value of Object.values(update)) {
    const body = asRecord(value);
    const chat = asRecord(body['chat'] ?? asRecord(body['message'])['chat']);
    const id = asText(chat['id']);
    if (id !== '' && !bot.chats.has(id)) bot.chats.set(id, { isGroup: chat['type'] !== 'private' });
  }
}

async function serve(world: World, fake: TelegramFake, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  if (url.pathname.startsWith('/_control/')) return control(fake, url, request, response);
  const found = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(url.pathname);
  const token = found?.[2];
  const rest = found?.[3];
  if (!token || !rest || !isKnown(world, token)) {
    answer(response, found ? refuse(401, 'Unauthorized') : refuse(404, 'Not Found'));
    return;
  }
  const bot = fake.bot(token);
  if (found[1]) return download(bot, rest, response);
  const { parameters, uploads } = await readParameters(request, url);
  await answerCall(world, bot, { method: rest, parameters, uploads }, response);
}

const isKnown = ({ options }: World, token: string): boolean =>
  options.tokens ? options.tokens.includes(token) : /^\d+:[\w-]{3,}$/.test(token);

async function answerCall(world: World, bot: Bot, call: Call, response: ServerResponse): Promise<void> {
  const { method, parameters } = call;
  const chat = asText(parameters['chat_id']);
  response.on('close', () => bot.calls.push({ method, at: Date.now(), chat, status: response.writableFinished ? response.statusCode : 0 }));
  const { delayMs, fault } = takeFaults(bot, method, chat, world.random);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (fault && playFault(response, fault)) return;
  if (method === 'getUpdates') return getUpdates(bot, response, parameters, world.random);
  const reply = carryOut(world, bot, call);
  if (fault?.kind === 'cut-after') response.socket?.destroy();
  else answer(response, reply);
}

function carryOut(world: World, bot: Bot, call: Call): Reply {
  const { method, parameters } = call;
  if (isSend(method)) return refusalOfSend(bot, method, parameters) ?? acceptSend(bot, call, (world.seq += 1));
  switch (method) {
    case 'getMe':
      return {
        result: {
          id: bot.id,
          is_bot: true,
          first_name: 'Fake',
          username: bot.username,
          can_join_groups: true,
          can_read_all_group_messages: !bot.isPrivate,
        },
      };
    case 'editMessageText':
      return editText(bot, parameters);
    case 'answerCallbackQuery':
      bot.answeredCallbacks.push(asText(parameters['callback_query_id']));
      return { result: true };
    case 'sendChatAction':
      bot.typing.push(asText(parameters['chat_id']));
      return { result: true };
    case 'setWebhook':
      return setWebhook(world, bot, parameters);
    case 'deleteWebhook':
      return deleteWebhook(bot, parameters);
    case 'getWebhookInfo':
      return {
        result: {
          url: bot.webhook?.url ?? '',
          has_custom_certificate: false,
          pending_update_count: bot.updates.length,
          ...(bot.webhook?.problem ? { last_error_message: bot.webhook.problem } : {}),
        },
      };
    case 'getFile':
      return getFile(bot, asText(parameters['file_id']));
    default:
      return refuse(404, 'Not Found: method not found');
  }
}

function setWebhook(world: World, bot: Bot, parameters: Parameters): Reply {
  const url = asText(parameters['url']);
  if (url === '') return deleteWebhook(bot, parameters);
  const secret = asText(parameters['secret_token']);
  if (secret !== '' && !/^[\w-]{1,256}$/.test(secret)) return refuse(400, 'Bad Request: secret token contains unallowed characters');
  if (!URL.canParse(url)) return refuse(400, 'Bad Request: bad webhook: invalid webhook URL specified');
  endPoll(bot, 'Conflict: terminated by setWebhook request');
  if (bot.webhook?.timer) clearTimeout(bot.webhook.timer);
  bot.webhook = { url, secret, failures: 0, timer: null, problem: '' };
  if (asText(parameters['drop_pending_updates']) === 'true') bot.updates = [];
  deliverByWebhook(bot, world.options.webhookTimeScale ?? 1);
  return { result: true };
}

function deleteWebhook(bot: Bot, parameters: Parameters): Reply {
  if (bot.webhook?.timer) clearTimeout(bot.webhook.timer);
  bot.webhook = null;
  if (asText(parameters['drop_pending_updates']) === 'true') bot.updates = [];
  return { result: true };
}

function getFile(bot: Bot, fileId: string): Reply {
  const file = bot.files.get(fileId);
  if (!file) return refuse(400, 'Bad Request: wrong file_id or the file is temporarily unavailable');
  if (file.bytes.length > 20 * 1024 * 1024) return refuse(400, 'Bad Request: file is too big');
  return { result: { file_id: fileId, file_unique_id: `u${fileId}`, file_size: file.bytes.length, file_path: file.path } };
}

function download(bot: Bot, path: string, response: ServerResponse): void {
  const file = [...bot.files.values()].find((one) => one.path === path);
  if (!file) return answer(response, refuse(404, 'Not Found'));
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
}
