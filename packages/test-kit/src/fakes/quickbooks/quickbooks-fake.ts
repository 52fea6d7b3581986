import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { createOauthWorld, type OauthWorld } from '../oauth/grants.ts';
import { goodToken, serveOauth } from '../oauth/serve-oauth.ts';
import {
  changedSince,
  createCompany,
  fault,
  query,
  remove,
  save,
  touch,
  type Answer,
  type Company,
  type Entity,
  type Row,
} from './company.ts';

/** `cut-after`: it is done, and the answer never arrives. */
export type QuickbooksFault = 'cut-after' | 'cut-before' | 'server-error';

export interface QuickbooksFake {
  url: string;
  port: number;
  realmId: string;
  oauth: OauthWorld;
  company: Company;
  add: (entity: Entity, row: Record<string, unknown>) => Row;
  /** Somebody changes a record over there. */
  change: (entity: Entity, row: Row, change: Record<string, unknown>) => void;
  remove: (entity: Entity, id: string) => void;
  /** One for each of the next calls. */
  fail: (...faults: QuickbooksFault[]) => void;
  /** Calls in a minute, per company: 500 at Intuit. */
  limit: (perMinute: number, minuteMs?: number) => void;
  /** How many calls were carried out. */
  readonly counts: { answered: number; limited: number };
  close: () => Promise<void>;
}

/** QuickBooks Online's accounting API on a real socket, with its sync tokens, request ids, faults and rotating refresh tokens. */
export async function startQuickbooksFake({ now = Date.now }: { now?: () => number } = {}): Promise<QuickbooksFake> {
  const realmId = '4620816365';
  const company = createCompany(realmId, now);
  const oauth = createOauthWorld({ now, manner: { returns: { realmId } } });
  const faults: QuickbooksFault[] = [];
  const counts = { answered: 0, limited: 0 };
  const recent: number[] = [];
  let perMinute = 500;
  /** Shorter in a world in which time is compressed: then a 429 says how long to wait. */
  let minuteMs = 60_000;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    if (serveOauth(oauth, request, response, body)) return;
    const send = ({ status, body: value }: Answer) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (goodToken(oauth, request.headers.authorization) === null)
      return send(fault(401, '3200', 'message=AuthenticationFailed; errorCode=003200; statusCode=401', 'Token expired'));
    const url = new URL(request.url ?? '/', 'http://fake');
    const [, realm, name = ''] = /^\/v3\/company\/(\d+)\/(.+)$/.exec(url.pathname) ?? [];
    if (realm !== realmId) return send(fault(403, '3100', 'message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403', ''));
    while (recent[0] !== undefined && recent[0] <= now() - minuteMs) recent.shift();
    if (recent.length >= perMinute) {
      counts.limited += 1;
      if (minuteMs < 60_000) response.setHeader('retry-after', String(minuteMs / 1_000));
      return send(fault(429, '3001', 'message=ThrottleExceeded; errorCode=003001; statusCode=429', ''));
    }
    recent.push(now());
    const next = faults.shift();
    if (next === 'cut-before') return void response.socket?.destroy();
    if (next === 'server-error') return send(fault(500, '10000', 'An application error has occurred', ''));
    counts.answered += 1;
    const done = perform(company, { request, url, name, body });
    if (next === 'cut-after') return void response.socket?.destroy();
    send(done);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.socket?.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    realmId,
    oauth,
    company,
    add: (entity, row) => {
      const Id = String(Object.values(company.rows).flat().length + 1);
      const made: Row = { ...row, Id, SyncToken: '0', MetaData: touch(company, entity, { Id }) };
      company.rows[entity].push(made);
      return made;
    },
    change: (entity, row, change) => {
      Object.assign(row, change, { SyncToken: String(Number(row.SyncToken) + 1), MetaData: touch(company, entity, row) });
    },
    remove: (entity, id) => remove(company, entity, id),
    fail: (...given) => void faults.push(...given),
    limit: (count, lastsMs = 60_000) => {
      perMinute = count;
      minuteMs = lastsMs;
    },
    counts,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface Asked {
  request: IncomingMessage;
  url: URL;
  name: string;
  body: string;
}

function perform(company: Company, { request, url, name, body }: Asked): Answer {
  if (name.startsWith('companyinfo/')) return { status: 200, body: { CompanyInfo: { CompanyName: 'Kelp & Sons', Id: '1' } } };
  if (name === 'cdc') return changedSince(company, url.searchParams.get('entities') ?? '', url.searchParams.get('changedSince') ?? '');
  if (name === 'query') return query(company, url.searchParams.get('query') ?? '');
  if (request.method !== 'POST') return fault(400, '4001', 'Unsupported Operation', name);
  return save(company, name, { body: JSON.parse(body), requestId: url.searchParams.get('requestid') });
}
