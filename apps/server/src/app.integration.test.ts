import { endpoints, isAllowed, roles, type Endpoint, type Role } from '@holdfast/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type Client, type TestServer } from './test/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Everything that answers without a session. A new line here is a decision, not a detail. */
const openToAll = [
  'GET /api/health',
  'GET /api/openapi.json',
  'GET /api/docs',
  'GET /api/setup',
  'POST /api/setup',
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/docs/files/start.js',
  'GET /api/docs/files/swagger-ui.css',
  'GET /api/docs/files/swagger-ui-bundle.js',
  // They prove themselves by a secret in the header or address, not by a session.
  'ALL /hooks/channels/:channelId',
  'ALL /hooks/credentials/:credentialId',
  'ALL /hooks/flows/:path',
];

/** What the router really holds, whoever put it there. */
function mountedRoutes(): { method: string; path: string }[] {
  const layers = (
    server.composed.app.router as unknown as {
      stack: { route?: { path: unknown; methods: Record<string, boolean>; stack: { method?: string }[] } }[];
    }
  ).stack; // express keeps it out of its types
  return layers.flatMap(({ route }) => {
    if (!route) return [];
    // A route for all methods holds a layer for each of the thirty that Node knows.
    const methods = route.stack.length > 10 ? ['ALL'] : Object.keys(route.methods).map((method) => method.toUpperCase());
    return methods.map((method) => ({ method, path: String(route.path) }));
  });
}

const addressOf = (path: string) => path.replace(/:\w+/g, 'run_00000000000000000000000000000000');

describe('every route', () => {
  test('of the router stands in the contract or on the written list', () => {
    const known = new Set([
      ...Object.values<Endpoint>(endpoints).map(({ method, path }) => `${method} ${path}`),
      ...openToAll,
      'GET /metrics',
      // Agents prove themselves by a token of their own.
      'POST /hooks/agents/work',
      'POST /hooks/agents/results',
    ]);
    expect(
      mountedRoutes()
        .map(({ method, path }) => `${method} ${path}`)
        .filter((route) => !known.has(route)),
    ).toEqual([]);
    expect(mountedRoutes().length).toBeGreaterThan(70);
  });

  test('answers 401 without a session, but for the written list', async () => {
    const open: string[] = [];
    for (const { method, path } of mountedRoutes()) {
      if (method === 'ALL') continue;
      const answer = await server.anonymous.call(method, addressOf(path), method === 'GET' || method === 'DELETE' ? undefined : {});
      if (answer.status !== 401 || answer.body.code !== 'auth.required' || !answer.body.requestId) open.push(`${method} ${path}`);
    }
    // Signing in with an empty body is refused for the body, not for the session.
    expect(open.sort()).toEqual(openToAll.filter((route) => !route.startsWith('ALL')).sort());
  });

  test('answers 401 to a key that never was, even beside a good cookie', async () => {
    const answer = await server.owner.call('GET', '/api/flows', undefined, { authorization: `Bearer hf_${'x'.repeat(43)}` });
    expect(answer.status).toBe(401);
  });
});

describe.each(roles)('the role %s', (role: Role) => {
  let person: Client;
  let key: Client | null;
  beforeAll(async () => {
    person = await server.withSession(role);
    key = role === 'owner' ? null : await server.withKey(role);
  });

  test('may do exactly what the permission table says', async () => {
    const wrong: string[] = [];
    for (const endpoint of Object.values<Endpoint>(endpoints)) {
      if (endpoint.permission === 'public' || endpoint.path === '/api/events') continue;
      const body = endpoint.method === 'GET' || endpoint.method === 'DELETE' ? undefined : { nothing: 'that fits' };
      for (const [kind, caller] of [
        ['session', person],
        ['key', key],
      ] as const) {
        if (!caller) continue;
        const answer = await caller.call(endpoint.method, addressOf(endpoint.path), body);
        const isRefused = answer.status === 403;
        if (isRefused === isAllowed(role, endpoint.permission) || answer.status === 401 || answer.status >= 500)
          wrong.push(`${kind} ${endpoint.method} ${endpoint.path}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('reads metrics only as an admin', async () => {
    const answer = await person.call('GET', '/metrics');
    expect(answer.status).toBe(role === 'owner' || role === 'admin' ? 200 : 403);
  });
});
