import { generateKeyPairSync } from 'node:crypto';
import { startGoogleSheetsFake, startOauthFake, type OauthFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let provider: OauthFake;
beforeAll(async () => {
  provider = await startOauthFake();
  server = await startTestServer({ environment: { HOLDFAST_PUBLIC_URL: 'http://bot.kelp.example' } });
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

async function add(): Promise<string> {
  const { url: baseUrl } = provider;
  const { body } = await server.owner.call('POST', '/api/credentials', {
    name: 'Books',
    kind: 'oauth2',
    baseUrl,
    settings: {
      grant: 'code',
      authorizeUrl: `${baseUrl}/authorize`,
      tokenUrl: `${baseUrl}/token`,
      clientId: 'client-1',
      clientAuth: 'body',
    },
    secret: { clientSecret: 'client-secret-1' },
  });
  expect(body).toMatchObject({ state: 'unconnected', needsConsent: true });
  return body.id;
}
/** From the Connect button to the provider's way back, as a browser goes. */
async function agree(id: string): Promise<string> {
  const { url } = (await server.owner.call('POST', `/api/credentials/${id}/connect`)).body;
  const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '');
  expect(`${back.origin}${back.pathname}`).toBe('http://bot.kelp.example/api/oauth/callback');
  return `${back.pathname}${back.search}`;
}
const credential = async (id: string) =>
  (await server.owner.call('GET', '/api/credentials')).body.items.find((each: { id: string }) => each.id === id);

test('a person connects a service with the button, and its secret and tokens are shown nowhere', async () => {
  expect((await server.owner.call('GET', '/api/credentials')).body.redirectUri).toBe('http://bot.kelp.example/api/oauth/callback');
  const id = await add();
  const back = await server.owner.call('GET', await agree(id));
  expect([back.status, back.headers.get('location')]).toEqual([302, '/connections']);
  expect(await credential(id)).toMatchObject({ state: 'ready', problem: null });
  expect((await server.owner.call('POST', `/api/credentials/${id}/test`)).body).toMatchObject({ ok: true });
  const seen = [await credential(id), (await server.owner.call('GET', '/api/audit')).body];
  for (const secret of ['client-secret-1', 'access-', 'refresh-']) expect(JSON.stringify(seen)).not.toContain(secret);
  const { rows } = await server.pool.query("select encode(tokens, 'escape') as tokens from credentials where id = $1", [id]);
  expect(rows[0].tokens).not.toContain('refresh-');
});

test('the way back is good for the person and the session that went', async () => {
  const id = await add();
  const way = await agree(id);
  const other = await server.withSession('admin');
  expect((await server.anonymous.call('GET', way)).status).toBe(401);
  expect((await other.call('GET', way)).headers.get('location')).toBe('/connections?refused=session');
  expect((await server.owner.call('GET', way)).headers.get('location')).toBe('/connections');
  expect((await server.owner.call('GET', way)).headers.get('location'), 'once').toBe('/connections?refused=session');
});

test('what the provider said stands beside the connection, and a key connects nothing', async () => {
  const id = await add();
  const way = new URL(await agree(id), server.url);
  way.searchParams.delete('code');
  way.searchParams.set('error', 'access_denied');
  const answer = await server.owner.call('GET', `${way.pathname}${way.search}`);
  expect(answer.headers.get('location')).toBe('/connections?refused=provider');
  expect(await credential(id)).toMatchObject({ state: 'unconnected', problem: { detail: expect.stringContaining('(access_denied)') } });
  const key = await server.withKey('admin');
  expect((await key.call('POST', `/api/credentials/${id}/connect`)).status).toBe(403);
});

test('another secret begins anew, and another address needs the secret', async () => {
  const id = await add();
  await server.owner.call('GET', await agree(id));
  const { name, kind, baseUrl, settings } = await credential(id);
  const change = (more: object) => server.owner.call('PUT', `/api/credentials/${id}`, { name, kind, baseUrl, settings, ...more });
  expect((await change({ settings: { ...settings, tokenUrl: 'https://evil.example/token' } })).status).toBe(400);
  expect((await change({ name: 'Ledger' })).body).toMatchObject({ name: 'Ledger', state: 'ready' });
  expect((await change({ secret: { clientSecret: 'another' } })).body).toMatchObject({ state: 'unconnected' });
});

test('a step writes a row with a service account that gets its own token, and Test says that it works', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const google = await startGoogleSheetsFake({ publicKey });
  try {
    google.sheet('1AbCdEfGhIjKlMnOp').push(['Order', 'Total']);
    const key = JSON.stringify({ type: 'service_account', client_email: 'bot@kelp.example', private_key: privateKey });
    const given = { name: 'Sheets', kind: 'google-service-account', baseUrl: google.url, secret: { key } };
    const { body: made } = await server.owner.call('POST', '/api/credentials', given);
    expect(made).toMatchObject({ state: 'ready', account: 'bot@kelp.example', needsConsent: false });
    expect((await server.owner.call('POST', `/api/credentials/${made.id}/test`)).body).toMatchObject({ ok: true });
    const flow = (await server.owner.call('POST', '/api/flows', { name: 'Rows' })).body;
    const spreadsheet = 'https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOp/edit';
    const config = {
      credential: made.id,
      spreadsheet,
      values: { Order: '{{ trigger.body.id }}', Total: '{{ trigger.body.total }}' },
      uniqueColumn: 'Order',
    };
    const node = { id: 'sheet', type: 'google-sheets', typeVersion: 1, name: 'Row', config, position: { x: 0, y: 0 } };
    const file = { ...flow.draft, nodes: [node], edges: [] };
    const act = () =>
      server.owner.call('POST', `/api/flows/${flow.id}/try`, {
        file,
        node: 'sheet',
        scope: { trigger: { body: { id: 'A-1', total: 12.5 } } },
      });
    expect((await act()).body).toMatchObject({ port: 'done', output: { row: 2, wasThere: false } });
    expect((await act()).body).toMatchObject({ port: 'done', output: { row: 2, wasThere: true } });
    expect(google.sheet('1AbCdEfGhIjKlMnOp')).toEqual([
      ['Order', 'Total'],
      ['A-1', 12.5],
    ]);
    expect(google.oauth.granted.length, 'the test got one, and it was kept').toBe(1);
  } finally {
    await google.close();
  }
});
