import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServerless, type Server as SoapServer } from 'soap';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { controlErp } from './control.ts';
import { erpMethods, faultOf } from './erp-methods.ts';
import { erpWsdl } from './erp-wsdl.ts';
import { createOrdersBook, type ErpTally, type OrdersBook } from './orders-book.ts';
import { provesUser, type WsUser } from './username-token.ts';

/**
 * What happens to a call. `cut-after`: it is done, and the answer never arrives. `server-fault`: it can't just now, and says so by SOAP. `html`: a web page with
 * 500 in place of XML. `login-page`: one with 200. `half`: the answer breaks off in its middle. `hang`: it is read and never answered.
 */
export type ErpFault = 'cut-before' | 'cut-after' | 'server-fault' | 'html' | 'login-page' | 'half' | 'hang' | 'huge';

export interface ErpOptions {
  /** An order asked for again under its client's id is not made twice. Off: it is. */
  isDeduping?: boolean;
  /** Whom WS-Security must prove; nobody when left out. */
  user?: WsUser;
}

export interface ErpFake {
  url: string;
  port: number;
  wsdl: string;
  book: OrdersBook;
  /** Bodies that were read, in their order. */
  readonly heard: readonly { path: string; headers: IncomingMessage['headers']; body: string }[];
  /** By the client's order id. */
  tally: () => Readonly<Record<string, ErpTally>>;
  /** One for each of the next calls. */
  fail: (...faults: ErpFault[]) => void;
  close: () => Promise<void>;
}

/** An ERP that speaks SOAP 1.1 (/soap11) and 1.2 (/soap12) on a real socket, as the `soap` package understands it: an independent reader of what we write. */
export async function startErpFake({ isDeduping = false, user }: ErpOptions = {}): Promise<ErpFake> {
  const book = createOrdersBook(isDeduping);
  const faults: ErpFault[] = [];
  const heard: { path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const world: World = { book, faults, soap: {}, wsdl: '' };
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    answer(world, { request, response, heard }).catch(() => response.socket?.destroy());
  });
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  world.wsdl = erpWsdl(url);
  const nonces = new Set<string>();
  for (const version of ['1.1', '1.2'] as const)
    world.soap[version] = await speaking(world, version, (security) => user === undefined || provesUser(user, security, nonces));
  return {
    url,
    port,
    wsdl: world.wsdl,
    book,
    heard,
    tally: () => book.tally,
    fail: (...given) => void faults.push(...given),
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface World {
  book: OrdersBook;
  faults: ErpFault[];
  wsdl: string;
  soap: Partial<Record<'1.1' | '1.2', SoapServer>>;
}

async function speaking({ book, wsdl }: World, version: '1.1' | '1.2', accepts: (security: unknown) => boolean): Promise<SoapServer> {
  const methods = erpMethods(book, version);
  const server = await createServerless({
    path: version === '1.1' ? '/soap11' : '/soap12',
    services: { HarbourErp: { Orders11: methods, Orders12: methods } },
    xml: wsdl,
    suppressStack: true,
    forceSoap12Headers: version === '1.2',
  });
  // The library answers a refusal in one version's words only; ours come in both, and before anything else is looked at.
  server.authenticate = (security: unknown) => {
    if (accepts(security)) return true;
    throw faultOf(version, { code: 'client', subcode: 'FailedAuthentication', text: 'The security token could not be authenticated' });
  };
  return server;
}

interface Heard {
  request: IncomingMessage;
  response: ServerResponse;
  heard: { path: string; headers: IncomingMessage['headers']; body: string }[];
}

async function answer(world: World, { request, response, heard }: Heard): Promise<void> {
  const body = await readText(request);
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const send = (status: number, type: string, text: string) => void response.writeHead(status, { 'content-type': type }).end(text);
  if (path.startsWith('/_control/'))
    return send(200, 'application/json', JSON.stringify(controlErp(world, path.slice('/_control/'.length), body)));
  const version = path === '/soap12' ? '1.2' : '1.1';
  const soap = world.soap[version];
  if (!soap || !['/soap11', '/soap12'].includes(path)) return send(404, 'text/html', '<html><h1>404 Not Found</h1></html>');
  if (request.method === 'GET') return send(200, 'text/xml; charset=utf-8', world.wsdl);
  heard.push({ path, headers: request.headers, body });
  const type = version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8';
  const fault = world.faults.shift();
  if (fault === 'cut-before') return void response.socket?.destroy();
  if (fault === 'hang') return;
  if (fault === 'html') return send(500, 'text/html', '<html><body><h1>HTTP Status 500 – Internal Server Error</h1></body></html>');
  if (fault === 'login-page') return send(200, 'text/html', '<html><body><form>Please sign in</form></body></html>');
  if (fault === 'huge') return send(200, type, `<huge>${'x'.repeat(3 * 1024 * 1024)}</huge>`);
  if (fault === 'server-fault') return send(500, type, serverFault[version]);
  const answered = await soap.processRequest(body, { method: 'POST', url: path, headers: headersOf(request) });
  if (fault === 'cut-after') return void response.socket?.destroy();
  if (fault === 'half') return send(200, type, answered.body.slice(0, answered.body.length / 2));
  // Clients and proxies know a fault by its status.
  send(/<[^>]*\bFault\b/.test(answered.body) ? 500 : 200, type, answered.body);
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const action = headers['soapaction'];
  return typeof action === 'string' ? { soapaction: action } : {};
}

const serverFault = {
  '1.1':
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>Deadlock victim, run the transaction again</faultstring></s:Fault></s:Body></s:Envelope>',
  '1.2':
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Deadlock victim, run the transaction again</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>',
} as const;
