import { createServer } from 'node:http';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { createOauthWorld, type OauthWorld } from './grants.ts';
import { goodToken, serveOauth } from './serve-oauth.ts';

/** A provider with OAuth 2 on a real socket: it rotates refresh tokens, and answers `/me` to good access tokens only. */
export interface OauthFake {
  url: string;
  port: number;
  world: OauthWorld;
  /** Everything that was granted is taken back. */
  withdraw: () => void;
  /** Access tokens are taken back before their time; refresh tokens stay. */
  spoilAccess: () => void;
  close: () => Promise<void>;
}

export async function startOauthFake(given: Parameters<typeof createOauthWorld>[0] = {}): Promise<OauthFake> {
  const world = createOauthWorld(given);
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      if (serveOauth(world, request, response, body)) return;
      const isGood = goodToken(world, request.headers.authorization) !== null;
      response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isGood ? { name: 'Kelp' } : { error: 'invalid_token' }));
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    world,
    withdraw: () => {
      world.refreshTokens.clear();
      world.accessTokens.clear();
    },
    spoilAccess: () => world.accessTokens.clear(),
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}
