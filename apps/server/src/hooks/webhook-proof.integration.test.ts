import { createHmac } from 'node:crypto';
import { newId } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type Answer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
let signingKey: string;
let flow: string;
const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherKey = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
beforeAll(async () => {
  server = await startTestServer();
  signingKey = await addSecret('signing', { signingKey: key });
  flow = await publishWebhook('signed-orders', { proof: 'standard', credential: signingKey });
});
afterAll(() => server.close());

async function addSecret(kind: string, secret: Record<string, string>): Promise<string> {
  const id = newId('credential');
  const sealed = server.composed.deps.secrets.seal(JSON.stringify(secret));
  await server.pool.query('insert into credentials (id, workspace_id, name, kind, secret, key_id) values ($1, $2, $3, $4, $5, $6)', [
    id,
    server.workspaceId,
    `${kind} ${id}`,
    kind,
    sealed.secret,
    sealed.keyId,
  ]);
  return id;
}

async function publishWebhook(path: string, config: object): Promise<string> {
  const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: `Hook ${path}` })).body;
  await saveWebhook(id, draft, { path, ...config });
  const published = await server.owner.call('POST', `/api/flows/${id}/publish`, {});
  if (published.status !== 200) throw new Error(JSON.stringify(published.body));
  return id;
}

async function saveWebhook(id: string, draft: object, config: object, by = server.owner): Promise<void> {
  const position = { x: 0, y: 0 };
  const file = {
    ...draft,
    nodes: [
      { id: 'start', type: 'webhook-trigger', typeVersion: 1, name: 'Called', config, position },
      { id: 'end', type: 'end', typeVersion: 1, name: 'End', config: {}, position },
    ],
    edges: [{ id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'end' } }],
  };
  const saved = await by.call('PUT', `/api/flows/${id}/draft`, { file, revision: 1 });
  if (saved.status !== 200) throw new Error(JSON.stringify(saved.body));
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  server.anonymous.call('POST', `/hooks/flows/${path}`, body, headers);

/** Signs as the standard says; `ageS` back in time. */
function signed(body: string, { id = newId('message'), ageS = 0, by = key }: { id?: string; ageS?: number; by?: string } = {}) {
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageS);
  const secret = Buffer.from(by.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const runsOf = async (id: string) => (await server.pool.query('select id, input from runs where flow_id = $1 order by id', [id])).rows;
const deliveriesOf = async (id: string) => (await server.owner.call('GET', `/api/flows/${id}/deliveries`)).body.items;
const auditOf = async (id: string) =>
  (await server.pool.query(`select count(*)::int as n from audit where action = 'hook.refused' and subject = $1`, [id])).rows[0].n;

describe('a signed webhook', () => {
  test('refuses what is not signed, wrongly signed or signed over other bytes; nothing is stored, and people see that it came', async () => {
    const body = '{"canary":"c4n4ry"}';
    const fitting = signed(body);
    const before = (await runsOf(flow)).length;
    for (const [headers, sent] of [
      [{}, body],
      [{ ...fitting, 'webhook-signature': 'v1,AAAA' }, body],
      [fitting, '{"canary": "c4n4ry"}'],
      [{ ...fitting, 'webhook-id': 'another' }, body],
      [signed(body, { by: otherKey }), body],
    ] as const)
      expect(await post('signed-orders', sent, headers)).toMatchObject({ status: 401, body: { code: 'auth.signature' } });
    expect(await runsOf(flow)).toHaveLength(before);
    const countRefused = async () =>
      (await deliveriesOf(flow))
        .filter(({ state }: { state: string }) => state === 'refused')
        .reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    await expect.poll(countRefused).toBeGreaterThan(0);
    expect(JSON.stringify(await deliveriesOf(flow))).not.toContain('c4n4ry');
    expect(JSON.stringify((await server.pool.query('select * from webhook_refusals')).rows)).not.toContain('c4n4ry');
    // One for each reason and minute, however often somebody knocks.
    await expect.poll(() => auditOf(flow)).toBeGreaterThan(0);
  });

  test('is proven before its body is looked at', async () => {
    expect((await post('signed-orders', '{ not json', {})).status).toBe(401);
    expect((await post('signed-orders', '{ not json', signed('{ not json'))).status).toBe(400);
  });

  test('takes raw bytes as they came: escapes, raw UTF-8 and odd spacing', async () => {
    for (const body of ['{ "a":"\\ud83d\\ude00" }', '{"a" :  "😀"}\n']) {
      const answer = await post('signed-orders', body, signed(body));
      expect(answer.status).toBe(200);
      expect((await runsOf(flow)).find(({ id }) => id === answer.body.run)?.input.body).toEqual({ a: '😀' });
    }
  });

  test('takes what is some minutes old or early and refuses what is 10 minutes old', async () => {
    for (const ageS of [120, -120]) expect((await post('signed-orders', '{}', signed('{}', { ageS }))).status).toBe(200);
    for (const ageS of [600, -600]) expect((await post('signed-orders', '{}', signed('{}', { ageS }))).status).toBe(401);
  });

  test('starts one run of fifty calls at once with one id, and none of the next', async () => {
    const id = newId('message');
    const before = (await runsOf(flow)).length;
    // As a provider does: what is told "later" is sent again.
    const send = async (ageS = 0): Promise<Answer> => {
      const answer = await post('signed-orders', '{"once":1}', signed('{"once":1}', { id, ageS }));
      return answer.status === 503 ? send(ageS) : answer;
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => send()));
    answers.push(await send(60));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.run}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
    expect(await runsOf(flow)).toHaveLength(before + 1);
  });

  test('takes the old key as long as that was asked for, and a new one at once', async () => {
    const made = { name: 'Shop', kind: 'signing' };
    const { id } = (await server.owner.call('POST', '/api/credentials', { ...made, secret: { signingKey: key } })).body;
    await publishWebhook('rotating', { proof: 'standard', credential: id });
    expect((await post('rotating', '{}', signed('{}'))).status).toBe(200);
    const change = (secret: object) => server.owner.call('PUT', `/api/credentials/${id}`, { ...made, secret });
    const changed = await change({ signingKey: otherKey, keepOld: '1h' });
    expect(JSON.stringify(changed.body)).not.toMatch(/whsec|plJ3nm/);
    // What is remembered in this process is of no use any more: the statement that writes looks at the secret too.
    for (const by of [key, otherKey]) expect((await post('rotating', '{}', signed('{}', { by }))).status).toBe(200);
    expect((await change({ signingKey: key, keepOld: 'no' })).status).toBe(200);
    expect((await post('rotating', '{}', signed('{}', { by: otherKey }))).status).toBe(401);
    expect((await post('rotating', '{}', signed('{}', { by: key }))).status).toBe(200);
  });

  test('shows no run, list or log what proves somebody', async () => {
    const headers = { ...signed('{}'), 'x-api-key': 's3cret-1', authorization: 'Bearer s3cret-2', cookie: 's3cret-3', 'x-shop': 'kelp' };
    const { run } = (await post('signed-orders', '{}', headers)).body;
    const { request } = (await server.owner.call('GET', `/api/flows/${flow}/deliveries/${run}`)).body;
    expect(request.headers).toMatchObject({ 'x-shop': 'kelp', 'webhook-id': headers['webhook-id'] });
    const all = JSON.stringify([
      request,
      (await server.pool.query('select input from runs where id = $1', [run])).rows,
      (await server.pool.query('select entry from journal where run_id = $1', [run])).rows,
    ]);
    expect(all).not.toMatch(/s3cret|v1,/);
  });

  test('can’t be published without its secret, or with one of another kind', async () => {
    const bearer = await addSecret('bearer', { token: 't' });
    for (const config of [{}, { credential: 'cred_gone' }, { credential: bearer }])
      await expect(publishWebhook('never-open', { proof: 'standard', ...config })).rejects.toThrow('credential');
    expect((await post('never-open', '{}')).status).toBe(404);
  });

  test('whose secret is gone is closed, not open', async () => {
    const secret = await addSecret('signing', { signingKey: key });
    await publishWebhook('lost-secret', { proof: 'standard', credential: secret });
    expect((await post('lost-secret', '{}', signed('{}'))).status).toBe(200);
    await server.pool.query('delete from credentials where id = $1', [secret]);
    expect((await post('lost-secret', '{}', signed('{}'))).status).toBe(401);
  });
});

test.each([
  ['basic', { username: 'ana', password: 'p' }, { authorization: `Basic ${Buffer.from('ana:p').toString('base64')}` }],
  ['bearer', { token: 't0ken' }, { authorization: 'Bearer t0ken' }],
  ['header', { name: 'X-Shop-Key', value: 'k3y' }, { 'x-shop-key': 'k3y' }],
] as const)('a caller may prove itself by %s', async (proof, secret, headers) => {
  await publishWebhook(`by-${proof}`, { proof, credential: await addSecret(proof, secret) });
  const answer = await post(`by-${proof}`, '{}', headers);
  expect(answer.status).toBe(200);
  expect(JSON.stringify((await server.pool.query('select input from runs where id = $1', [answer.body.run])).rows)).not.toMatch(
    /k3y|t0ken/,
  );
  expect((await post(`by-${proof}`, '{}', {})).status).toBe(401);
  expect((await post(`by-${proof}`, '{}', Object.fromEntries(Object.keys(headers).map((name) => [name, 'Basic eDp5'])))).status).toBe(401);
});

test('a shop’s own scheme: signature in base64, its id in a header', async () => {
  const id = await publishWebhook('shop-orders', {
    proof: 'hmac',
    credential: await addSecret('signing', { signingKey: 'shop' }),
    signatureHeader: 'X-Shopify-Hmac-Sha256',
    encoding: 'base64',
    messageId: 'X-Shopify-Webhook-Id',
  });
  const body = '{"id":1}';
  const headers = { 'x-shopify-hmac-sha256': createHmac('sha256', 'shop').update(body).digest('base64'), 'x-shopify-webhook-id': 'w-1' };
  const [first, second] = [await post('shop-orders', body, headers), await post('shop-orders', body, headers)];
  expect([first?.status, second?.status, second?.body.run]).toEqual([200, 200, first?.body.run]);
  expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'accepted', messageId: 'w-1', replayOf: null });
});

describe('answers', () => {
  test('at once, with what the caller sent', async () => {
    await publishWebhook('challenge', {
      answerType: 'text',
      answer: '{{ trigger.body.challenge }}',
      status: 202,
      answerHeaders: { 'X-Mine': 'a' },
    });
    const answer = await post('challenge', { challenge: '<b>3eZ</b>' });
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([202, '<b>3eZ</b>', 'text/plain; charset=utf-8']);
    expect(answer.headers.get('x-mine')).toBe('a');
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('that can’t be filled in are the ordinary ones: the run has begun', async () => {
    await publishWebhook('unfillable', { answer: '{% for i in (1..trigger.body.n) %}x{% endfor %}' });
    expect(await post('unfillable', { n: 100_000_000 })).toMatchObject({ status: 200, body: { state: 'received' } });
  });

  test('without content have none', async () => {
    await publishWebhook('no-content', { status: 204 });
    expect(await post('no-content', {})).toMatchObject({ status: 204, body: '' });
  });
});

describe('deliveries', () => {
  test('are listed newest first in pages, and one by one with their request', async () => {
    const id = await publishWebhook('listed', {});
    const sent = [];
    for (const n of [1, 2, 3]) sent.push((await post('listed', { n }, { 'x-shop': 'kelp' })).body.run);
    const first = (await server.owner.call('GET', `/api/flows/${id}/deliveries?limit=2`)).body;
    const second = (await server.owner.call('GET', `/api/flows/${id}/deliveries?limit=2&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map((item) => item.id)).toEqual(sent.toReversed());
    expect(second.next).toBeNull();
    expect((await server.owner.call('GET', `/api/flows/${id}/deliveries/${sent[1]}`)).body).toMatchObject({
      state: 'accepted',
      method: 'POST',
      request: { method: 'POST', body: { n: 2 }, headers: { 'x-shop': 'kelp' } },
    });
    expect((await server.owner.call('GET', `/api/flows/${flow}/deliveries/${sent[1]}`)).status).toBe(404);
  });

  test('begin again when a person says so, in their order, marked and audited', async () => {
    const id = await publishWebhook('replayed', {});
    const sent: string[] = [];
    for (const n of [1, 2]) sent.push((await post('replayed', { n })).body.run);
    const answer = await server.owner.call('POST', `/api/flows/${id}/deliveries/replay`, { deliveries: sent.toReversed() });
    expect(answer.status).toBe(201);
    const again: string[] = answer.body.runs.map(({ run }: { run: string }) => run);
    expect(answer.body.runs.map(({ delivery }: { delivery: string }) => delivery)).toEqual(sent);
    for (const [index, run] of again.entries())
      expect((await server.owner.call('GET', `/api/runs/${run}`)).body).toMatchObject({
        source: 'webhook',
        replayOf: sent[index],
        trigger: { body: { n: index + 1 } },
      });
    const audit = await server.pool.query(`select subject, detail from audit where action = 'delivery.replayed' order by id`);
    expect(audit.rows).toMatchObject(sent.map((subject, index) => ({ subject, detail: { run: again[index] } })));
    expect((await deliveriesOf(id)).filter(({ replayOf }: { replayOf: string | null }) => replayOf !== null)).toHaveLength(2);
  });

  test('of others, or gone ones, are replayed by nobody, and none of their list', async () => {
    const id = await publishWebhook('careful', {});
    const { run } = (await post('careful', {})).body;
    const viewer = await server.withKey('viewer');
    expect((await viewer.call('POST', `/api/flows/${id}/deliveries/replay`, { deliveries: [run] })).status).toBe(403);
    expect((await server.owner.call('POST', `/api/flows/${id}/deliveries/replay`, { deliveries: [run, 'run_gone'] })).status).toBe(404);
    expect(await runsOf(id)).toHaveLength(1);
  });
});

describe('listening for a test request', () => {
  const listen = (id: string, act: string) => server.owner.call('POST', `/api/flows/${id}/webhook-sample`, { node: 'start', act });
  const sampleOf = async (id: string) => (await server.owner.call('GET', `/api/flows/${id}/webhook-sample?node=start`)).body;
  const pickerOf = async (id: string) => (await server.owner.call('GET', `/api/flows/${id}/samples`)).body.trigger;

  test('keeps what comes to a draft’s address, starts nothing, and forgets it on request', async () => {
    const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: 'Only drawn' })).body;
    await saveWebhook(id, draft, { path: 'only-drawn', proof: 'standard', credential: signingKey });
    expect((await post('only-drawn', '{}', signed('{}'))).status).toBe(404);
    expect((await listen(id, 'listen')).status).toBe(200);
    expect(await sampleOf(id)).toMatchObject({ isListening: true, isFresh: false, sample: null, problem: null });
    expect((await post('only-drawn', '{"order":"A-1"}', {})).status).toBe(401);
    expect(await sampleOf(id)).toMatchObject({ isFresh: false, problem: { code: 'auth.signature' } });
    expect(await post('only-drawn', '{"order":"A-1"}', signed('{"order":"A-1"}'))).toMatchObject({ status: 200, body: { state: 'test' } });
    expect(await sampleOf(id)).toMatchObject({ isFresh: true, problem: null, sample: { body: { order: 'A-1' } } });
    expect(await pickerOf(id)).toMatchObject({ body: { order: 'A-1' } });
    expect(await runsOf(id)).toEqual([]);
    await listen(id, 'stop');
    expect((await post('only-drawn', '{}', signed('{}'))).status).toBe(404);
    expect(await sampleOf(id)).toMatchObject({ isListening: false, sample: { body: { order: 'A-1' } } });
    await listen(id, 'forget');
    expect(await sampleOf(id)).toMatchObject({ sample: null });
  });

  test('at a live address keeps the next real call, which runs as always', async () => {
    const id = await publishWebhook('live-sample', {});
    await post('live-sample', { n: 'before' });
    await listen(id, 'listen');
    expect(await sampleOf(id)).toMatchObject({ isListening: true, isFresh: false, sample: null });
    for (const n of ['first', 'second']) expect((await post('live-sample', { n })).body.state).toBe('received');
    expect(await sampleOf(id)).toMatchObject({ isFresh: true, sample: { body: { n: 'first' } } });
    await listen(id, 'stop');
    await post('live-sample', { n: 'third' });
    expect(await pickerOf(id)).toMatchObject({ body: { n: 'first' } });
    expect(await runsOf(id)).toHaveLength(4);
  });

  test('sets no cookie and no other header that is ours, published or not', async () => {
    const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: 'Sets cookies' })).body;
    await saveWebhook(id, draft, { path: 'sets-cookies', answer: '{}', answerHeaders: { 'Set-Cookie': 'session=theirs' } });
    expect(await listen(id, 'listen')).toMatchObject({ status: 422, body: { code: 'flow.invalid' } });
    expect((await post('sets-cookies', {})).status).toBe(404);
  });

  test('at the address of another workspace’s paused flow hears nothing', async () => {
    const theirs = await publishWebhook('paused-here', {});
    await server.owner.call('POST', `/api/flows/${theirs}/pause`, { paused: true });
    const stranger = await server.withKey('builder', await server.addWorkspace('Strangers'));
    const { id, draft } = (await stranger.call('POST', '/api/flows', { name: 'Overhears' })).body;
    await saveWebhook(id, draft, { path: 'paused-here' }, stranger);
    expect((await stranger.call('POST', `/api/flows/${id}/webhook-sample`, { node: 'start', act: 'listen' })).status).toBe(200);
    expect((await post('paused-here', { card: 'secret' })).body).toMatchObject({ code: 'flow.not-live' });
    const heard = (await stranger.call('GET', `/api/flows/${id}/webhook-sample?node=start`)).body;
    expect(heard).toMatchObject({ isListening: true, sample: null, problem: null });
  });

  test('needs an address, and a role that draws', async () => {
    const { id, draft } = (await server.owner.call('POST', '/api/flows', { name: 'Half drawn' })).body;
    await saveWebhook(id, draft, { path: 'x' });
    expect(await listen(id, 'listen')).toMatchObject({ status: 422, body: { code: 'flow.invalid' } });
    const operator = await server.withKey('operator');
    expect((await operator.call('POST', `/api/flows/${id}/webhook-sample`, { node: 'start', act: 'listen' })).status).toBe(403);
  });
});
