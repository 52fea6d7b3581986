import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const at = { x: 0, y: 0 };
const end = (id: string) => ({ id, type: 'end', typeVersion: 1, name: 'End', config: {}, position: at });
const webhook = (path: string) => ({
  id: 'start',
  type: 'webhook-trigger',
  typeVersion: 1,
  name: 'Called',
  config: { path },
  position: at,
});
const edge = { id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'end' } };

async function newFlow(name: string) {
  const made = await server.owner.call('POST', '/api/flows', { name });
  expect(made.status).toBe(201);
  return made.body;
}
const save = (id: string, revision: number, file: unknown) => server.owner.call('PUT', `/api/flows/${id}/draft`, { file, revision });

describe('a draft', () => {
  test('is saved with what keeps it from being published', async () => {
    const flow = await newFlow('Unfinished');
    const saved = await save(flow.id, 1, { ...flow.draft, nodes: [webhook('unfinished-1')] });
    expect(saved).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(saved.body.findings).toContainEqual(expect.objectContaining({ severity: 'error', node: 'start' }));
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/validate`)).body.findings).toEqual(saved.body.findings);
    expect((await server.owner.call('GET', `/api/flows/${flow.id}/draft`)).body).toMatchObject({
      revision: 2,
      file: { nodes: [{ id: 'start' }] },
    });
  });

  test('that two people save at once keeps one and shows the other both sides', async () => {
    const flow = await newFlow('Contested');
    const answers = await Promise.all(['Mine', 'Yours'].map((name) => save(flow.id, 1, { ...flow.draft, name })));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    const lost = answers.find((answer) => answer.status === 409);
    expect(lost?.body).toMatchObject({
      code: 'resource.conflict',
      extra: { theirs: { revision: 2, savedBy: 'ana', file: { format: 'holdfast.flow/1' } }, yours: { revision: 1 } },
    });
    expect(lost?.body.extra.theirs.file.name).not.toBe(lost?.body.extra.yours.file.name);
  });

  test.each([
    ['an unknown kind of step', { nodes: [{ ...end('a'), type: 'eval' }] }],
    ['an unknown setting', { nodes: [{ ...end('a'), config: { nonsense: true } }] }],
    ['a connection to nowhere', { nodes: [end('a')], edges: [{ id: 'e1', from: { node: 'gone', port: 'x' }, to: { node: 'a' } }] }],
    ['two steps with one id', { nodes: [end('a'), end('a')] }],
  ])('with %s is refused with a sentence', async (_name, change) => {
    const flow = await newFlow('Refused');
    const answer = await save(flow.id, 1, { ...flow.draft, ...change });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'flow.invalid',
        detail: expect.stringMatching(/\w+ .*\./),
        extra: { findings: [expect.objectContaining({ severity: 'error' })] },
      },
    });
    expect((await server.owner.call('GET', `/api/flows/${flow.id}`)).body.revision).toBe(1);
  });

  test('keeps hostile names as they are', async () => {
    const name = `<script>alert(1)</script> ' " ; drop table flows; -- {{ 7*7 }} 🌊`;
    const flow = await newFlow(name);
    expect((await server.owner.call('GET', `/api/flows/${flow.id}`)).body.name).toBe(name);
  });
});

describe('publishing', () => {
  test('says first what will change, numbers versions, and keeps the number of a graph that was published before', async () => {
    const flow = await newFlow('Grows');
    const file = { ...flow.draft, nodes: [webhook('grows-1'), end('end')], edges: [edge] };
    await save(flow.id, 1, file);
    const preview = (await server.owner.call('GET', `/api/flows/${flow.id}/publish`)).body;
    expect(preview).toMatchObject({ nextNumber: 1, openRuns: 0, findings: [{ severity: 'warning', node: 'start', field: 'proof' }] });
    expect(preview.changes.length).toBeGreaterThan(1);
    const first = (await server.owner.call('POST', `/api/flows/${flow.id}/publish`, { note: 'First', revision: 2 })).body;
    expect(first).toMatchObject({ number: 1 });
    await save(flow.id, 2, { ...file, nodes: [webhook('grows-1'), { ...end('end'), name: 'Done' }] });
    expect((await server.owner.call('GET', `/api/flows/${flow.id}`)).body).toMatchObject({
      status: 'live',
      publishedVersion: 1,
      hasUnpublishedChanges: true,
    });
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {})).body).toMatchObject({ number: 2 });
    await save(flow.id, 3, { ...file, nodes: [{ ...webhook('grows-1'), position: { x: 500, y: 500 } }, end('end')] });
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {})).body).toEqual(first);
    const versions = (await server.owner.call('GET', `/api/flows/${flow.id}/versions`)).body.items;
    expect(versions.map((version: { number: number; isLive: boolean }) => [version.number, version.isLive])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect((await server.owner.call('GET', `/api/flows/${flow.id}/versions/${first.version}`)).body).toMatchObject({
      number: 1,
      file: { name: 'Grows' },
    });
  });

  test('refuses a draft with problems, and one that moved on since it was looked at', async () => {
    const flow = await newFlow('Moves');
    expect(await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {})).toMatchObject({
      status: 422,
      body: { code: 'flow.invalid', extra: { findings: expect.any(Array) } },
    });
    await save(flow.id, 1, { ...flow.draft, nodes: [webhook('moves-1'), end('end')], edges: [edge] });
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/publish`, { revision: 1 })).status).toBe(409);
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/runs`, {})).body).toMatchObject({ code: 'flow.not-live' });
  });

  test('of a schedule knows when it comes round next', async () => {
    const flow = await newFlow('Every morning');
    const trigger = {
      id: 'start',
      type: 'schedule-trigger',
      typeVersion: 1,
      name: 'Nine',
      config: { cron: '0 9 * * *', timezone: 'Europe/Madrid' },
      position: at,
    };
    await save(flow.id, 1, { ...flow.draft, nodes: [trigger, end('end')], edges: [{ ...edge, from: { node: 'start', port: 'fired' } }] });
    const before = Date.now();
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {})).status).toBe(200);
    const next = await waitUntil(
      async () =>
        (await server.pool.query<{ next_fire_at: Date | null }>('select next_fire_at from triggers where flow_id = $1', [flow.id])).rows[0]
          ?.next_fire_at,
    );
    expect(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: 'Europe/Madrid' }).format(next)).toBe('09');
    expect(next.getTime()).toBeGreaterThan(before);
  });
});

describe('a flow', () => {
  test('starts from a shipped template, and every template is offered', async () => {
    const offered = (await server.owner.call('GET', '/api/templates')).body.items;
    expect(offered.map((each: { id: string }) => each.id)).toContain('order-status');
    for (const { id } of offered) expect((await server.owner.call('POST', '/api/flows', { template: id })).status).toBe(201);
    expect((await server.owner.call('POST', '/api/flows', { template: 'never-was' })).status).toBe(400);
  });

  test('that is archived is gone from lists, takes no calls, and keeps its runs readable', async () => {
    const flow = await newFlow('Old');
    await save(flow.id, 1, { ...flow.draft, nodes: [webhook('old-hook'), end('end')], edges: [edge] });
    await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {});
    const { run } = (await server.anonymous.call('POST', '/hooks/flows/old-hook', {})).body;
    await server.owner.call('DELETE', `/api/flows/${flow.id}`);
    expect((await server.owner.call('GET', `/api/flows/${flow.id}`)).status).toBe(404);
    expect((await server.anonymous.call('POST', '/hooks/flows/old-hook', {})).status).toBe(404);
    expect((await server.owner.call('GET', `/api/runs/${run}`)).body.flow.name).toBe('Old');
  });

  test('has sample data from its last run', async () => {
    const flow = await newFlow('Sampled');
    await save(flow.id, 1, { ...flow.draft, nodes: [webhook('sampled-hook'), end('end')], edges: [edge] });
    await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {});
    expect((await server.owner.call('GET', `/api/flows/${flow.id}/samples`)).body).toEqual({
      run: null,
      trigger: {},
      nodes: {},
      contact: null,
    });
    const { run } = (await server.anonymous.call('POST', '/hooks/flows/sampled-hook', { sku: 'KELP-1' })).body;
    expect((await server.owner.call('GET', `/api/flows/${flow.id}/samples`)).body).toMatchObject({
      run,
      trigger: { body: { sku: 'KELP-1' } },
    });
  });

  test('lets one step be tried without sending anything', async () => {
    const flow = await newFlow('Tried');
    const say = {
      id: 'say',
      type: 'send-message',
      typeVersion: 1,
      name: 'Say',
      config: { text: 'Hello {{ contact.name }}' },
      position: at,
    };
    const answer = await server.owner.call('POST', `/api/flows/${flow.id}/try`, {
      file: { ...flow.draft, nodes: [say] },
      node: 'say',
      scope: { contact: { name: 'Ben' } },
    });
    expect(answer.body).toMatchObject({ wouldSend: [{ text: 'Hello Ben' }], problem: null });
    expect((await server.pool.query('select count(*)::int as count from effects')).rows[0].count).toBe(0);
  });
});
