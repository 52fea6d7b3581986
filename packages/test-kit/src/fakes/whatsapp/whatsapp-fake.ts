import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closed, listen } from '../listen.ts';
import { asText, readParameters } from '../telegram/parameters.ts';
import { createRandom } from '../telegram/random.ts';
import { control } from './control.ts';
import { customerMessage, statusesOf, type Customer } from './events.ts';
import { playFault, takeFault, type Fault } from './faults.ts';
import { answer } from './graph-error.ts';
import { ratesOf, type LimitSettings, type WhatsAppRates } from './limits.ts';
import { carryOut, isAllowed, type GraphCall } from './graph-calls.ts';
import { sendMedia } from './media.ts';
import { createNumber, type AcceptedMessage, type FakeNumber, type NumberGiven } from './number.ts';
import { send } from './sending.ts';
import type { World } from './world.ts';
import { deliver, envelopeOf, escaped, metadataOf, type Delivery } from './webhooks.ts';

export interface WhatsAppFakeOptions {
  port?: number;
  seed?: number;
  limits?: Partial<LimitSettings>;
  /** Webhook retries come this much sooner; 0.01 when left out: a second becomes 10 ms. */
  webhookTimeScale?: number;
}

/** Meta's Graph API for WhatsApp on a real socket. It honours no idempotency: what is sent twice arrives twice, and its journal says so. */
export interface WhatsAppFake {
  url: string;
  port: number;
  /** Makes a number known; the first one's values are good for a single one. */
  addNumber: (given?: NumberGiven) => FakeNumber;
  number: (phoneNumberId?: string) => FakeNumber;
  forget: (phoneNumberId: string) => void;
  /** A customer writes: signed, to the number's callback. Answers what became of the delivery. */
  say: (customer: Customer, content: Record<string, unknown> | string, phoneNumberId?: string) => Promise<Delivery>;
  /** Any changes in one signed call, as Meta batches them. `write` makes other bytes of them: odd spacing, raw UTF-8. */
  push: (
    changes: { field: string; value: object }[],
    options?: { phoneNumberId?: string; write?: (body: object) => string },
  ) => Promise<Delivery>;
  /** What Meta says of a message that was taken, now. */
  report: (messageId: string, status: 'sent' | 'delivered' | 'read' | 'failed', more?: Record<string, unknown>) => Promise<Delivery>;
  fail: (fault: Fault, phoneNumberId?: string) => void;
  accepted: (phoneNumberId?: string) => AcceptedMessage[];
  rates: (phoneNumberId?: string) => WhatsAppRates;
  /** Bytes that a media id of an inbound message leads to. */
  addMedia: (media: { id?: string; mimeType: string; bytes: Buffer }, phoneNumberId?: string) => string;
  /** Waits until every webhook that is due was delivered or given up. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

const metaLimits: LimitSettings = { perSecond: 80, pairEveryMs: 6_000, pairBurst: 45 };

export async function startWhatsAppFake(options: WhatsAppFakeOptions = {}): Promise<WhatsAppFake> {
  const world: World = {
    numbers: new Map(),
    random: createRandom(options.seed ?? 1),
    seq: 0,
    limits: { ...metaLimits, ...options.limits },
    timeScale: options.webhookTimeScale ?? 0.01,
    underway: new Set(),
    isClosed: false,
    url: () => fake.url,
  };
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    serve(world, fake, request, response).catch(() => response.socket?.destroy());
  });
  const port = await listen(server, '127.0.0.1', options.port ?? 0);
  const fake = describe(world, port, async () => {
    world.isClosed = true;
    server.closeAllConnections();
    await closed(server);
  });
  return fake;
}

function describe(world: World, port: number, close: () => Promise<void>): WhatsAppFake {
  const number = (phoneNumberId?: string): FakeNumber => {
    const found = phoneNumberId === undefined ? [...world.numbers.values()][0] : world.numbers.get(phoneNumberId);
    if (!found) throw new Error(`The fake has no number ${phoneNumberId ?? 'at all'}: add one first.`);
    return found;
  };
  const push: WhatsAppFake['push'] = (changes, { phoneNumberId, write = (body: object) => escaped(JSON.stringify(body)) } = {}) =>
    post(world, number(phoneNumberId), Buffer.from(write(envelopeOf(number(phoneNumberId), changes))));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    addNumber: (given = {}) => {
      const made = createNumber(given);
      world.numbers.set(made.phoneNumberId, made);
      return made;
    },
    number,
    forget: (phoneNumberId) => void world.numbers.delete(phoneNumberId),
    push,
    say: (customer, content, phoneNumberId) => {
      const one = number(phoneNumberId);
      for (const name of [customer.from, customer.userId]) if (name !== undefined) one.lastInboundAt.set(name, Date.now());
      const value = { ...metadataOf(one), ...customerMessage(customer, content, (world.seq += 1)) };
      return push([{ field: 'messages', value }], { phoneNumberId: one.phoneNumberId });
    },
    report: (messageId, status, more = {}) => {
      const one = [...world.numbers.values()].find(({ accepted }) => accepted.some(({ id }) => id === messageId)) ?? number();
      const message = one.accepted.find(({ id }) => id === messageId);
      return push(statusesOf(one, [{ message, id: messageId, status, more }]), { phoneNumberId: one.phoneNumberId });
    },
    fail: (fault, phoneNumberId) => void number(phoneNumberId).faults.push({ ...fault }),
    accepted: (phoneNumberId) => number(phoneNumberId).accepted,
    rates: (phoneNumberId) => ratesOf(number(phoneNumberId).accepted, world.limits.pairEveryMs),
    addMedia: ({ id, mimeType, bytes }, phoneNumberId) => {
      const made = id ?? String(9_000_000_000 + (world.seq += 1));
      number(phoneNumberId).media.set(made, { id: made, mimeType, bytes, expiresAt: Date.now() + 7 * 86_400_000 });
      return made;
    },
    settled: async () => {
      while (world.underway.size > 0) await Promise.all(world.underway);
    },
    close,
  };
}

function post(world: World, number: FakeNumber, body: Buffer): Promise<Delivery> {
  const going = deliver(number, body, { timeScale: world.timeScale, maxTries: world.isClosed ? 1 : 12, random: world.random });
  world.underway.add(going);
  void going.finally(() => world.underway.delete(going));
  return going;
}

async function serve(world: World, fake: WhatsAppFake, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  if (url.pathname.startsWith('/_control/')) return control(fake, url, request, response);
  const [, first = '', second = '', third = ''] = /^\/(v\d+\.\d+|media)\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (first === 'media') return sendMedia(world, second, token, response);
  const { parameters, uploads } = await readParameters(request, url);
  const call: GraphCall = { method: request.method ?? 'GET', id: second, edge: third, token, parameters, uploads };
  const refused = isAllowed(world, call);
  if (refused) return answer(response, refused);
  const number = world.numbers.get(call.id);
  if (number && call.method === 'POST' && call.edge === 'messages') return answerSend(world, number, call, response);
  const owner = [...world.numbers.values()].find((one) => one.token === token);
  const fault = owner ? takeFault(owner, call.edge === '' ? 'object' : call.edge, '', world.random) : null;
  if (fault && playFault(response, fault)) return;
  answer(response, carryOut(world, call));
}

async function answerSend(world: World, number: FakeNumber, call: GraphCall, response: ServerResponse): Promise<void> {
  const to = asText(call.parameters['recipient']) || asText(call.parameters['to']);
  const fault = call.parameters['status'] === 'read' ? null : takeFault(number, 'messages', to, world.random);
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? 1_000));
  if (fault && playFault(response, fault)) return;
  const sent = send(number, call.parameters, { seq: (world.seq += 1), limits: world.limits });
  if (fault?.kind === 'cut-after') response.socket?.destroy();
  else answer(response, sent.reply);
  if (!sent.message) return;
  const failsWith = fault?.kind === 'late-error' ? (fault.code ?? 131000) : sent.failsWith;
  if (failsWith !== undefined) sent.message.isSeen = false;
  const reporting = reportLater(world, number, sent.message, failsWith);
  world.underway.add(reporting);
  void reporting.finally(() => world.underway.delete(reporting));
}

/** The status ladder of a message, in the number's manner. */
async function reportLater(world: World, number: FakeNumber, message: AcceptedMessage, failsWith: number | undefined): Promise<void> {
  const { ladder, order, duplicate, afterMs } = number.manner;
  if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
  const steps = failsWith === undefined ? (order === 'reversed' ? ladder.toReversed() : ladder) : (['failed'] as const);
  for (const status of duplicate ? steps.flatMap((step) => [step, step]) : steps) {
    if (world.isClosed) return;
    const changes = statusesOf(number, [{ message, id: message.id, status, ...(failsWith === undefined ? {} : { code: failsWith }) }]);
    await post(world, number, Buffer.from(escaped(JSON.stringify(envelopeOf(number, changes)))));
  }
}
