import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize, grantTokens, type OauthWorld } from './grants.ts';

const isTokenPath = (path: string): boolean => /(?:token|access_token|tokens\/bearer)$/.test(path);
const isConsentPath = (path: string): boolean => /(?:authorize|\/auth|connect\/oauth2)$/.test(path);

/** Answers what belongs to OAuth, under each provider's own paths; false when it is something else. */
export function serveOauth(world: OauthWorld, request: IncomingMessage, response: ServerResponse, body: string): boolean {
  const url = new URL(request.url ?? '/', 'http://fake');
  if (request.method === 'GET' && isConsentPath(url.pathname)) {
    const back = authorize(world, url.searchParams);
    if (back === null)
      response.writeHead(400, { 'content-type': 'text/html' }).end('<h1>This application asks in a way that we do not know</h1>');
    else response.writeHead(302, { location: back }).end();
    return true;
  }
  if (request.method !== 'POST' || !isTokenPath(url.pathname)) return false;
  answerTokenCall(world, request, response, body);
  return true;
}

function answerTokenCall(world: OauthWorld, request: IncomingMessage, response: ServerResponse, body: string): void {
  const send = (status: number, answer: object, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
  const fault = world.faults.shift();
  if (fault === 'cut-before') return void response.socket?.destroy();
  if (fault === 'hang') return;
  if (fault === 'server-error') return send(500, { error: 'server_error' });
  if (fault === 'limited') return send(429, { error: 'slow_down' }, { 'retry-after': '7' });
  if (fault === 'nonsense') return send(200, { hello: 'hotel wifi' });
  // Some frameworks show a developer what came in.
  if (fault === 'echo') return send(500, { error: 'server_error', received: body, headers: request.headers });
  const reply = grantTokens(world, new URLSearchParams(body), request.headers.authorization);
  if (fault === 'cut-after') return void response.socket?.destroy();
  send(reply.status, reply.body);
}

/** The token of a call, as a header carries it; null when it is none of ours. */
export function goodToken(world: OauthWorld, authorization: string | undefined): string | null {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? null;
  return token !== null && world.accessTokens.has(token) ? token : null;
}
