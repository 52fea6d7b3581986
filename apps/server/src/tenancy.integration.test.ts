import { endpoints, type Endpoint } from '@holdfast/contracts';
import { insertAlert, insertHandoff, insertRepair, newId } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type Client, type TestServer } from './test/test-server.ts';

let server: TestServer;
let ours: Client;
let theirs: Client;
/** Ids of the other workspace's rows, by the first word of the path that takes them. */
let foreign: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  ours = server.owner;
  const workspace = await server.addWorkspace('The others');
  theirs = await server.withSession('owner', workspace);
  foreign = await fillWorkspace(theirs, workspace);
});
afterAll(() => server.close());

/** One of everything that has an id. */
async function fillWorkspace(client: Client, workspaceId: string): Promise<Record<string, string>> {
  const made = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await client.call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { conversation } = await made('POST', '/api/simulator/messages', { contact: 'Their customer', text: 'secret-of-the-others' });
  const flow = (await made('GET', '/api/flows')).items[0].id;
  const { run } = await made('POST', `/api/flows/${flow}/runs`, { input: { text: 'secret-of-the-others' } });
  const file = await made('POST', '/api/files?name=secret-of-the-others.txt', new TextEncoder().encode('secret-of-the-others'), {
    'content-type': 'application/octet-stream',
  });
  const { id: credential } = await made('POST', '/api/credentials', {
    name: 'secret-of-the-others',
    kind: 'bearer',
    secret: { token: 'x' },
  });
  await made('POST', '/api/variables', { name: 'secret_of_the_others', value: 'secret-of-the-others' });
  const { id: agent } = await made('POST', '/api/agents', { name: 'secret-of-the-others', allowedHosts: ['secret-of-the-others:443'] });
  const { id: answer } = await made('POST', '/api/answers', { questions: ['secret-of-the-others'], answer: 'yes' });
  const { id: member } = await made('POST', '/api/members', {
    name: 'Their colleague',
    email: 'secret-of-the-others@example.com',
    role: 'viewer',
    password: 'long-enough-1',
  });
  const { id: key } = await made('POST', '/api/keys', { name: 'secret-of-the-others', role: 'viewer' });
  const { id: route } = await made('POST', '/api/alert-routes', {
    kind: 'email',
    target: { to: 'secret-of-the-others@example.com' },
    events: ['run.attention'],
  });
  const channel = (await made('GET', '/api/channels')).items[0].id;
  const { id: handoff } = await insertHandoff(server.pool, {
    id: newId('handoff'),
    workspaceId,
    conversationId: conversation,
    runId: null,
    stepId: null,
    nodeId: null,
    reason: 'secret-of-the-others',
    details: {},
  });
  await insertAlert(server.pool, {
    id: newId('alert'),
    workspaceId,
    event: 'run.attention',
    subject: run,
    title: 'x',
    detail: 'secret-of-the-others',
    link: '/runs',
  });
  const described = { openapi: '3.1.0', info: { title: 'secret-of-the-others' }, paths: { '/x': { get: { operationId: 'x' } } } };
  const service = await made('POST', '/api/services', new TextEncoder().encode(JSON.stringify(described)), {
    'content-type': 'application/octet-stream',
  });
  const provider = 'http:secret-of-the-others.example.com';
  await server.pool.query(`insert into providers (workspace_id, key, kind, name) values ($1, $2, 'http', $2)`, [workspaceId, provider]);
  const keptCall = newId('keptCall');
  await server.pool.query(
    `insert into kept_calls (id, workspace_id, provider, step_id, what, is_repeatable, state) values ($1, $2, $3, 'x', 'POST secret-of-the-others', false, 'stopped')`,
    [keptCall, workspaceId, provider],
  );
  const contact = (await made('GET', '/api/contacts')).items[0].id;
  const message = await insertSend(workspaceId, conversation, run);
  const repair = await insertStopped(workspaceId, run);
  return {
    agents: agent,
    flows: flow,
    runs: run,
    conversations: conversation,
    contacts: contact,
    handoffs: handoff,
    channels: channel,
    providers: provider,
    'kept-calls': keptCall,
    services: service.id,
    credentials: credential,
    variables: 'secret_of_the_others',
    answers: answer,
    members: member,
    keys: key,
    'alert-routes': route,
    files: file.fileId,
    sends: message,
    repairs: repair,
  };
}

/** A run of theirs needs attention, and somebody stopped repairing it. */
async function insertStopped(workspaceId: string, run: string): Promise<string> {
  const id = newId('repair');
  const stopped = await server.pool.query(
    `update runs set status = 'attention', cause = '{"code": "internal", "title": "x", "detail": "secret-of-the-others"}' where id = $1 returning flow_id, version_id`,
    [run],
  );
  const { flow_id: flow, version_id: version } = stopped.rows[0];
  await insertRepair(server.pool, {
    id,
    workspaceId,
    cause: `internal/${flow}/${version}/`,
    about: { code: 'internal', title: 'x', detail: 'secret-of-the-others', flows: [], step: null, node: null, credential: null },
    act: { kind: 'end' },
    state: 'tried',
    note: null,
    byUserId: null,
    byName: 'secret-of-the-others',
    runs: [run],
  });
  return id;
}

async function insertSend(workspaceId: string, conversation: string, run: string): Promise<string> {
  const message = newId('message');
  await server.pool.query(
    `insert into messages (id, workspace_id, conversation_id, direction, author, text, status) values ($1, $2, $3, 'out', 'bot', 'secret-of-the-others', 'unknown')`,
    [message, workspaceId, conversation],
  );
  await server.pool.query(
    `insert into effects (key, workspace_id, kind, run_id, state, payload_hash, message_id, conversation_id, author) values ($1, $2, 'send', $3, 'unknown', 'x', $4, $5, 'bot')`,
    [`step:${message}`, workspaceId, run, message, conversation],
  );
  return message;
}

const bodies: Record<string, unknown> = {
  'PUT /api/flows/:id/draft': { revision: 1, file: { format: 'holdfast.flow/1', name: 'Taken over', nodes: [], edges: [] } },
  'POST /api/flows/:id/publish': {},
  'POST /api/flows/:id/pause': { paused: true },
  'POST /api/flows/:id/runs': {},
  'POST /api/flows/:id/deliveries/replay': { deliveries: ['run_0'] },
  'PUT /api/flows/:id/faults': { contact: 'Ana', node: 'call', fault: 'timeout' },
  'POST /api/flows/:id/webhook-sample': { node: 'start', act: 'listen' },
  'POST /api/flows/:id/try': { file: { format: 'holdfast.flow/1', name: 'x', nodes: [], edges: [] }, node: 'x', scope: {} },
  'POST /api/runs/:id/override': { action: 'end' },
  'POST /api/sends/:id/settle': { settle: 'arrived' },
  'POST /api/handoffs/:id/reply': { text: 'hello' },
  'PATCH /api/channels/:id': { status: 'paused' },
  'PUT /api/credentials/:id/watch': { isWatched: false },
  'PUT /api/credentials/:id': { name: 'mine now', kind: 'bearer' },
  'PUT /api/credentials/:id/hook': { key: 'mine-now-1' },
  'PATCH /api/services/:id': { name: 'mine now' },
  'POST /api/services/:id/fetch': { apply: true },
  'PUT /api/agents/:id': { name: 'mine now', allowedHosts: ['erp:443'] },
  'PUT /api/answers/:id': { questions: ['a'], answer: 'b' },
  'PATCH /api/members/:id': { role: 'viewer' },
  'PATCH /api/contacts/:id': { name: 'mine now' },
  'POST /api/contacts/:id/identities': { channelKind: 'email', address: 'a@example.com' },
  'POST /api/contacts/:id/notes': { text: 'mine' },
  'POST /api/contacts/:id/wishes': { identity: 'iden_1', purpose: 'service', wish: 'stop' },
  'POST /api/providers/:id/pause': { note: 'mine' },
  'POST /api/providers/:id/drain': { note: 'mine' },
  'POST /api/providers/:id/held/discard': { asOf: '2026-11-23T10:00:00.000Z', reason: 'mine', runs: 'attention' },
  'POST /api/kept-calls/:id/discard': { reason: 'mine' },
  'POST /api/kept-calls/:id/arrived': { note: 'mine' },
  'PUT /api/providers/:id/limits': { limits: null },
  'POST /api/contacts/:id/merge': { contact: 'cont_1' },
  'POST /api/contacts/:id/unmerge': { merge: 'merge_1' },
};

const withId = Object.values<Endpoint>(endpoints).filter((endpoint) => endpoint.params !== undefined);

describe('an id of another workspace', () => {
  test.each(withId.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'is as unknown as a random one: %s',
    async (name, endpoint) => {
      const resource = endpoint.path.split('/')[2] ?? '';
      const id = foreign[resource];
      if (id === undefined) throw new Error(`The test makes no row for ${name}; teach it to.`);
      const address = (value: string) =>
        endpoint.path
          .replace(/:(id|name)/, value)
          .replace(':version', 'version_0')
          .replace(':delivery', 'run_0')
          .replace(':operation', 'x')
          .replace(':part', 'part_0')
          .replace(':part', 'part_0');
      const version = endpoint.path.includes(':version') ? (await theirs.call('GET', `/api/flows/${id}/versions`)).body.items[0].id : null;
      const path = version === null ? address(id) : endpoint.path.replace(':id', id).replace(':version', version);
      const random = resource === 'variables' ? 'never_was' : id.replace(/[0-9a-f]{8}$/, '00000000');
      const given = await ours.call(endpoint.method, path, bodies[name]);
      const unknown = await ours.call(endpoint.method, address(random), bodies[name]);
      expect(given.status).toBe(404);
      expect({ ...given.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    },
  );

  test('in a body is refused too', async () => {
    const conversation = foreign['conversations'];
    expect((await ours.call('POST', '/api/simulator/skip-wait', { conversation })).status).toBe(404);
    expect((await ours.call('POST', '/api/simulator/reset', { conversation })).status).toBe(404);
    const alert = await ours.call('POST', '/api/alert-routes', {
      kind: 'telegram',
      target: { channel: foreign['channels'], chat: '1' },
      events: ['run.attention'],
    });
    expect(alert.status).toBe(400);
    const borrowed = await ours.call('POST', '/api/credentials', {
      name: 'Borrowed way',
      kind: 'bearer',
      secret: { token: 'x' },
      via: { kind: 'agent', agent: foreign['agents'] },
    });
    expect(borrowed).toMatchObject({ status: 400, body: { path: 'via.agent' } });
    const theirCause = (await theirs.call('GET', `/api/repairs/${foreign['repairs']}`)).body.cause;
    for (const path of ['/api/repairs', '/api/repairs/preview'])
      expect((await ours.call('POST', path, { cause: theirCause, act: { kind: 'end' } })).status).toBe(404);
    const simulated = await ours.call('POST', '/api/simulator/messages', { contact: 'Ana', text: 'hello', flow: foreign['flows'] });
    expect(simulated.status).toBe(404);
    const attached = await ours.call('POST', '/api/simulator/messages', {
      contact: 'Ana',
      text: 'hello',
      attachments: [{ kind: 'image', fileId: foreign['files'] }],
    });
    expect(attached).toMatchObject({ status: 400, body: { path: 'attachments.0.fileId' } });
  });

  test('of a credential can be drawn but not published', async () => {
    const flow = (await ours.call('POST', '/api/flows', { name: 'Borrowed' })).body;
    const file = {
      ...flow.draft,
      nodes: [
        {
          id: 'start',
          type: 'webhook-trigger',
          typeVersion: 1,
          name: 'Start',
          config: { path: 'borrowed-credential' },
          position: { x: 0, y: 0 },
        },
        {
          id: 'call',
          type: 'api-call',
          typeVersion: 1,
          name: 'Call',
          config: { url: 'https://example.com', credential: foreign['credentials'] },
          position: { x: 0, y: 0 },
        },
      ],
      edges: [{ id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'call' } }],
    };
    expect((await ours.call('PUT', `/api/flows/${flow.id}/draft`, { file, revision: 1 })).status).toBe(200);
    const published = await ours.call('POST', `/api/flows/${flow.id}/publish`, {});
    expect(published.status).toBe(422);
    expect(JSON.stringify(published.body.extra.findings)).toContain('credential');
  });
});

describe('a list', () => {
  const lists = Object.values<Endpoint>(endpoints).filter(
    ({ method, params, path, permission }) => method === 'GET' && !params && permission !== 'public' && path !== '/api/events',
  );

  test.each(lists.map(({ path, status = 200 }) => [path, status] as const))(
    'holds no row of another workspace: %s',
    async (path, status) => {
      const answer = await ours.call('GET', path);
      expect(answer.status).toBe(status);
      const text = JSON.stringify(answer.body);
      expect(text).not.toContain('secret-of-the-others');
      expect(text).not.toContain('secret_of_the_others');
      for (const id of Object.values(foreign)) expect(text).not.toContain(id);
    },
  );

  test('of runs finds nothing of another workspace by search, flow or conversation', async () => {
    for (const query of ['search=secret-of-the-others', `flow=${foreign['flows']}`, `conversation=${foreign['conversations']}`]) {
      expect((await ours.call('GET', `/api/runs?${query}`)).body.items).toEqual([]);
    }
  });
});
