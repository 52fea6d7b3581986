import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closed, listen } from '../listen.ts';
import { readBytes } from '../telegram/parameters.ts';
import { describe, refuse, send, takeFault, type Reply } from './sending.ts';
import { callBack, type TwilioDelivery } from './webhooks.ts';
import { createWorld, later, nextSid, type TextMessage, type TwilioFault, type TwilioManner, type World } from './world.ts';

export type TwilioFakeOptions = Parameters<typeof createWorld>[0] & { port?: number };

/** Twilio's REST API and webhooks on a real socket, signed with Twilio's own package. It honours no idempotency: what is sent twice arrives twice. */
export interface TwilioFake {
  url: string;
  port: number;
  accountSid: string;
  authToken: string;
  number: string;
  /** Where incoming messages go, as it was last told. */
  smsUrl: () => string;
  /** A customer writes. STOP and START work as on a number without Advanced Opt-Out. */
  say: (
    from: string,
    text: string,
    more?: { media?: { mimeType: string; bytes: Buffer }[]; fields?: Record<string, string>; as?: 'form' | 'json' },
  ) => Promise<TwilioDelivery>;
  /** The same delivery once more, as after a lost answer. */
  repeat: (from: string, text: string, sid: string) => Promise<TwilioDelivery>;
  /** What became of a message that was taken. */
  report: (sid: string, status: string, more?: Record<string, string>) => Promise<TwilioDelivery>;
  fail: (fault: TwilioFault) => void;
  manner: (manner: Partial<TwilioManner>) => void;
  accepted: () => readonly TextMessage[];
  /** Waits until every webhook that is due was delivered or given up. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

export async function startTwilioFake({ port: wanted = 0, ...given }: TwilioFakeOptions = {}): Promise<TwilioFake> {
  const world = createWorld(given);
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    serve(world, request, response).catch(() => response.socket?.destroy());
  });
  const port = await listen(server, '127.0.0.1', wanted);
  const url = `http://127.0.0.1:${port}`;
  const incoming = (from: string, text: string, sid: string, fields: Record<string, string>) => ({
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    AccountSid: world.accountSid,
    From: from,
    To: world.number,
    Body: text,
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    FromCountry: 'US',
    ApiVersion: '2010-04-01',
    ...fields,
  });
  return {
    url,
    port,
    accountSid: world.accountSid,
    authToken: world.authToken,
    number: world.number,
    smsUrl: () => world.smsUrl,
    say: (from, text, { media = [], fields = {}, as = 'form' } = {}) => {
      const word = text.trim().toUpperCase();
      if (['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'].includes(word)) world.optedOut.add(from);
      if (['START', 'YES', 'UNSTOP'].includes(word)) world.optedOut.delete(from);
      const files = Object.fromEntries(media.flatMap((file, index) => Object.entries(keepMedia(world, url, file, index))));
      const all = { ...(media.length > 0 ? { NumMedia: String(media.length) } : {}), ...files, ...fields };
      return callBack(world, world.smsUrl, incoming(from, text, nextSid(world, media.length > 0 ? 'MM' : 'SM'), all), as);
    },
    repeat: (from, text, sid) => callBack(world, world.smsUrl, incoming(from, text, sid, {})),
    report: (sid, status, more = {}) => report(world, sid, status, more),
    fail: (fault) => void world.faults.push({ ...fault }),
    manner: (manner) => void Object.assign(world.manner, manner),
    accepted: () => world.accepted,
    settled: async () => {
      while (world.underway.size > 0) await Promise.all(world.underway);
    },
    close: async () => {
      world.isClosed = true;
      server.closeAllConnections();
      await closed(server);
    },
  };
}

function keepMedia(world: World, url: string, file: { mimeType: string; bytes: Buffer }, index: number): Record<string, string> {
  const sid = nextSid(world, 'ME');
  world.media.set(sid, file);
  return {
    [`MediaUrl${index}`]: `${url}/2010-04-01/Accounts/${world.accountSid}/Messages/MM0/Media/${sid}`,
    [`MediaContentType${index}`]: file.mimeType,
  };
}

function report(world: World, sid: string, status: string, more: Record<string, string>): Promise<TwilioDelivery> {
  const message = world.accepted.find((one) => one.sid === sid);
  if (!message?.statusCallback) return Promise.resolve({ statuses: [], answer: '' });
  const { to, from } = message;
  return callBack(world, message.statusCallback, {
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    To: to,
    From: from,
    AccountSid: world.accountSid,
    ApiVersion: '2010-04-01',
    ...more,
  });
}

/** The status ladder of a message, in the fake's manner. */
async function reportLater(world: World, { sid }: TextMessage, failsWith: number | undefined): Promise<void> {
  const { ladder, order, duplicate } = world.manner;
  const steps = failsWith === undefined ? (order === 'reversed' ? ladder.toReversed() : ladder) : ['undelivered'];
  for (const status of duplicate ? steps.flatMap((step) => [step, step]) : steps)
    await report(world, sid, status, failsWith === undefined ? {} : { ErrorCode: String(failsWith) });
}

function answer(response: ServerResponse, { status, body, retryAfter }: Reply): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) })
    .end(JSON.stringify(body));
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const form = new URLSearchParams((await readBytes(request)).toString());
  const expected = `Basic ${Buffer.from(`${world.accountSid}:${world.authToken}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return answer(response, refuse(20003));
  const path = url.pathname.replace(`/2010-04-01/Accounts/${world.accountSid}`, '');
  const media = /\/Media\/(ME\w+)$/.exec(path)?.[1];
  if (media !== undefined) return sendMedia(world, media, response);
  if (path === '/Messages.json' && request.method === 'POST') return answerSend(world, form, response);
  answer(response, read(world, path, { method: request.method ?? 'GET', query: url.searchParams, form }));
}

function sendMedia(world: World, sid: string, response: ServerResponse): void {
  const found = world.media.get(sid);
  if (!found) return answer(response, refuse(20404));
  response.writeHead(200, { 'content-type': found.mimeType }).end(found.bytes);
}

function answerSend(world: World, form: URLSearchParams, response: ServerResponse): void {
  const fault = takeFault(world, form.get('To') ?? '');
  if (fault?.kind === 'cut-before') return void response.socket?.destroy();
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'error')
    return answer(response, {
      ...refuse(fault.code ?? 20429),
      ...(fault.retryAfter === undefined ? {} : { retryAfter: fault.retryAfter }),
    });
  if (fault?.kind === 'server-error')
    return answer(response, { status: 500, body: { code: 20500, message: 'Internal Server Error', status: 500 } });
  if (fault?.kind === 'gateway') return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502 Bad Gateway</h1>');
  const { reply, message } = send(world, form);
  if (fault?.kind === 'cut-after') response.socket?.destroy();
  else if (fault?.kind === 'garbage') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome to the hotel wifi');
  else answer(response, reply);
  if (message) later(world, reportLater(world, message, fault?.kind === 'late-error' ? fault.code : undefined));
}

interface Asked {
  method: string;
  query: URLSearchParams;
  form: URLSearchParams;
}

function read(world: World, path: string, { method, query, form }: Asked): Reply {
  if (path === '.json')
    return { status: 200, body: { sid: world.accountSid, friendly_name: 'Kelp', status: world.accountStatus, type: world.accountType } };
  if (path === '/IncomingPhoneNumbers.json')
    return { status: 200, body: { incoming_phone_numbers: query.get('PhoneNumber') === world.number ? [phone(world)] : [] } };
  const isService = path === '/v1/Services/MG00000000000000000000000000000001';
  if (path.startsWith('/IncomingPhoneNumbers/') || isService) {
    if (method === 'POST') world.smsUrl = form.get('SmsUrl') ?? form.get('InboundRequestUrl') ?? world.smsUrl;
    return { status: 200, body: isService ? { sid: 'MG1', inbound_request_url: world.smsUrl } : phone(world) };
  }
  if (path === '/Messages.json') {
    const found = world.accepted.filter(({ to, from }) => to === query.get('To') && (!query.has('From') || from === query.get('From')));
    return { status: 200, body: { messages: found.map((message) => describe(world, message, 'delivered')) } };
  }
  const one = world.accepted.find(({ sid }) => path === `/Messages/${sid}.json`);
  return one ? { status: 200, body: describe(world, one, 'delivered') } : refuse(20404);
}

const phone = (world: World): object => ({
  sid: 'PN00000000000000000000000000000001',
  phone_number: world.number,
  sms_url: world.smsUrl,
  capabilities: { voice: true, sms: true, mms: world.sendsMedia, fax: false },
});
