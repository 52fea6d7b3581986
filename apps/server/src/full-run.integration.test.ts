import { startDemoService } from '@holdfast/demo-service';
import { testTemporal } from '@holdfast/test-kit';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { startWorker, type RunningWorker } from '@holdfast/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './test/test-server.ts';
import { waitUntil } from './test/wait-until.ts';

let server: TestServer;
let worker: RunningWorker;
let service: HttpService;
let closeDemo: () => Promise<void>;
beforeAll(async () => {
  const temporal = await testTemporal();
  const demo = await startDemoService({ port: 0 });
  service = await startHttpService();
  const environment = { HOLDFAST_EGRESS_ALLOW: `${new URL(demo.url).host},127.0.0.1:${service.port}` };
  server = await startTestServer({
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace,
    demoUrl: demo.url,
    environment,
  });
  worker = await startWorker({
    databaseUrl: server.databaseUrl,
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace,
    dataDir: server.dataDir,
    environment,
    logger: pino({ level: 'silent' }),
    maxLateMs: 60_000,
  });
  closeDemo = demo.stop;
});
afterAll(async () => {
  await worker.stop();
  await server.close();
  await service.close();
  await closeDemo();
});

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await server.owner.call(method, path, body);
  if (answer.status >= 400) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const say = (contact: string, text: string): Promise<{ conversation: string }> =>
  call('POST', '/api/simulator/messages', { contact, text });
const textsOf = async (conversation: string): Promise<string[]> =>
  (await call('GET', `/api/conversations/${conversation}/messages`)).items
    .map((message: { author: string; text: string }) => `${message.author}: ${message.text}`)
    .reverse();
const newestRun = async (conversation: string) => (await call('GET', `/api/runs?conversation=${conversation}`)).items[0];

const position = { x: 0, y: 0 };
async function publish(name: string, nodes: object[], edges: [string, string, string][]): Promise<string> {
  const { id, draft } = await call('POST', '/api/flows', { name });
  const file = {
    ...draft,
    nodes: nodes.map((node) => ({ typeVersion: 1, config: {}, position, name: '', ...node })),
    edges: edges.map(([from, port, to], index) => ({ id: `e${index}`, from: { node: from, port }, to: { node: to } })),
  };
  await call('PUT', `/api/flows/${id}/draft`, { file, revision: 1 });
  await call('POST', `/api/flows/${id}/publish`, {});
  return id;
}

describe('the whole product, without any key', () => {
  test('is healthy', async () => {
    const health = await waitUntil(async () => {
      const { status, body } = await server.anonymous.call('GET', '/api/health');
      return status === 200 ? body : null;
    });
    expect(health).toMatchObject({ ok: true, components: { database: { ok: true }, temporal: { ok: true }, worker: { ok: true } } });
  });

  test('answers a question about an order in the simulator and shows the way it took', async () => {
    const { conversation } = await say('Ben', 'Where is my order A-1001?');
    await waitUntil(async () => (await textsOf(conversation)).some((text) => text.startsWith('bot: ') && text.includes('A-1001')));
    const run = await waitUntil(async () => {
      const found = await newestRun(conversation);
      return found?.status === 'ended' ? found : null;
    });
    const detail = await call('GET', `/api/runs/${run.id}`);
    expect(detail).toMatchObject({
      outcome: 'done',
      source: 'channel',
      contact: { name: 'Ben' },
      flow: { name: 'Order status' },
      pendingOverrides: [],
    });
    expect(detail.steps.map((step: { node: string; status: string }) => `${step.node} ${step.status}`)).toEqual(
      expect.arrayContaining(['start done', 'match done', 'lookup done']),
    );
    const lookup = detail.steps.find((step: { node: string }) => step.node === 'lookup');
    expect(lookup).toMatchObject({ port: 'ok', attempts: 1, input: { url: expect.stringContaining('A-1001') }, output: { status: 200 } });
    expect(detail.sends).toEqual([expect.objectContaining({ state: 'accepted', text: expect.stringContaining('A-1001') })]);
    expect(detail.timeline.at(-1)).toMatchObject({ entry: { kind: 'run-ended' } });
    expect((await call('GET', `/api/runs/${run.id}/steps`)).items).toEqual(detail.steps);
  });

  test('hands over to a person, who answers and gives the conversation back', async () => {
    const { conversation } = await say('Carla', 'I want to talk to a human');
    const handoff = await waitUntil(async () =>
      (await call('GET', '/api/handoffs')).items.find((each: { conversation: { id: string } }) => each.conversation.id === conversation),
    );
    expect(handoff).toMatchObject({ status: 'open', run: { flow: 'Order status' }, conversation: { contact: { name: 'Carla' } } });
    expect(handoff.path[0]).toBe('Customer writes');
    expect(await call('POST', `/api/handoffs/${handoff.id}/claim`)).toMatchObject({
      status: 'claimed',
      claimedBy: 'ana',
      conversation: { heldBy: 'person', holder: 'ana' },
    });
    const colleague = await server.withSession('operator');
    expect((await colleague.call('POST', `/api/handoffs/${handoff.id}/claim`)).status).toBe(409);
    const reply = await call('POST', `/api/handoffs/${handoff.id}/reply`, { text: 'Hello Carla, this is Ana.' });
    expect(reply).toMatchObject({ author: 'human', authorName: 'ana', text: 'Hello Carla, this is Ana.' });
    await waitUntil(async () =>
      (await call('GET', `/api/conversations/${conversation}/messages`)).items.find(
        (message: { id: string; status: string }) => message.id === reply.id && message.status === 'sent',
      ),
    );
    expect(await call('POST', `/api/handoffs/${handoff.id}/return`, { note: 'Solved' })).toMatchObject({
      status: 'returned',
      conversation: { heldBy: 'bot' },
    });
    await waitUntil(async () => (await newestRun(conversation))?.status === 'ended');
    expect((await call('GET', '/api/handoffs?status=ended')).items.map((each: { id: string }) => each.id)).toContain(handoff.id);
  });

  test('lets somebody take a conversation while the bot waits, and go on where it stood', async () => {
    const { conversation } = await say('Dora', 'What about my order?');
    await waitUntil(async () => (await newestRun(conversation))?.status === 'waiting');
    const handoff = await call('POST', `/api/conversations/${conversation}/take`);
    expect(handoff).toMatchObject({ status: 'claimed', claimedBy: 'ana' });
    await waitUntil(async () => (await newestRun(conversation)).status === 'paused');
    await call('POST', `/api/handoffs/${handoff.id}/return`);
    await waitUntil(async () => (await newestRun(conversation)).status === 'waiting');
    await say('Dora', 'A-1001');
    await waitUntil(async () => (await newestRun(conversation)).status === 'ended');
    await call('POST', '/api/simulator/reset', { conversation });
    expect(await textsOf(conversation)).toEqual([]);
  });
});

describe('a webhook that answers with its result', () => {
  test('answers with what the last step gave', async () => {
    await publish(
      'Doubler',
      [
        { id: 'start', type: 'webhook-trigger', name: 'Called', config: { path: 'say-hello', respond: 'result', status: 201 } },
        {
          id: 'end',
          type: 'end',
          name: 'Answer',
          config: { result: 'fields', fields: [{ name: 'hello', value: '{{ trigger.body.name }}' }] },
        },
      ],
      [['start', 'received', 'end']],
    );
    const answer = await server.anonymous.call('POST', '/hooks/flows/say-hello', { name: 'Ben' });
    expect(answer).toMatchObject({ status: 201, body: { hello: 'Ben' } });
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect((await call('GET', `/api/runs/${answer.headers.get('x-holdfast-run')}`)).result).toEqual({ hello: 'Ben' });
  });

  test('answers with a text of its own, filled in from what the steps gave', async () => {
    service.on('GET /left', { status: 200, body: { left: 0, note: '<b>"none"</b>' } });
    const start = {
      path: 'stock-of',
      respond: 'template',
      statusFrom: '{% if nodes.stock.body.left == 0 %}404{% endif %}',
      answer: '{ "sku": "{{ trigger.body.sku }}", "note": "{{ nodes.stock.body.note }}", "left": {{ nodes.stock.body.left }} }',
      answerHeaders: { 'X-Left': '{{ nodes.stock.body.left }}' },
    };
    await publish(
      'Stock of',
      [
        { id: 'start', type: 'webhook-trigger', name: 'Called', config: start },
        { id: 'stock', type: 'api-call', name: 'Look', config: { url: `${service.url}/left` } },
        { id: 'end', type: 'end', name: 'End' },
      ],
      [
        ['start', 'received', 'stock'],
        ['stock', 'ok', 'end'],
      ],
    );
    const answer = await server.anonymous.call('POST', '/hooks/flows/stock-of', { sku: 'KELP-1' });
    expect(answer).toMatchObject({ status: 404, body: { sku: 'KELP-1', note: '<b>"none"</b>', left: 0 } });
    expect(answer.headers.get('x-left')).toBe('0');
  });
});

describe('a run that stands still', () => {
  test('is counted by its cause, and goes on for one or for all at once', async () => {
    service.on('GET /stock', { status: 500 });
    const flow = await publish(
      'Stock',
      [
        { id: 'start', type: 'webhook-trigger', name: 'Called', config: { path: 'stock-check' } },
        { id: 'stock', type: 'api-call', name: 'Check stock', config: { url: `${service.url}/stock`, attempts: 1 } },
        { id: 'end', type: 'end', name: 'End' },
        { id: 'refused', type: 'end', name: 'Refused' },
      ],
      [
        ['start', 'received', 'stock'],
        ['stock', 'ok', 'end'],
        ['stock', 'refused', 'refused'],
      ],
    );
    const runs: string[] = [];
    for (let number = 0; number < 3; number++) runs.push((await server.anonymous.call('POST', '/hooks/flows/stock-check', {})).body.run);
    const cause = await waitUntil(async () =>
      (await call('GET', '/api/runs/counts')).causes.find(
        (each: { count: number; flows: { id: string }[] }) => each.flows[0]?.id === flow && each.count === 3,
      ),
    );
    expect(cause).toMatchObject({ code: 'upstream.broken', step: { node: 'stock', name: 'Check stock' } });
    expect((await call('GET', `/api/runs?cause=${encodeURIComponent(cause.key)}`)).items).toHaveLength(3);
    expect((await call('GET', `/api/runs/${runs[0]}`)).cause).toMatchObject({
      nodeName: 'Check stock',
      detail: expect.stringContaining('500'),
    });
    service.on('GET /stock', { status: 200, body: { left: 3 } });
    const one = await server.owner.call('POST', `/api/runs/${runs[0]}/override`, { action: 'retry', node: 'stock' });
    // Applied within 5 s, or else as soon as the run comes to it.
    expect(one.body.state).toMatch(/^(applied|accepted)$/);
    await waitUntil(async () => (await call('GET', `/api/runs/${runs[0]}`)).outcome === 'done');
    expect((await server.owner.call('POST', `/api/runs/${runs[0]}/override`, { action: 'pause' })).body).toMatchObject({
      code: 'run.ended',
    });
    const impossible = { action: 'skip', node: 'stock', port: 'never-was' };
    await expect
      .poll(() => server.owner.call('POST', `/api/runs/${runs[1]}/override`, impossible))
      .toMatchObject({ status: 409, body: { state: 'refused' } });
    const repair = await call('POST', '/api/repairs', { cause: cause.key, act: { kind: 'retry' } });
    expect(repair).toMatchObject({ count: 2 });
    await waitUntil(async () => (await call('GET', `/api/repairs/${repair.id}`)).state === 'done');
    await waitUntil(async () => (await call('GET', '/api/runs?status=attention')).items.length === 0);
    const acts = (await call('GET', '/api/audit?limit=200')).items.map((row: { action: string }) => row.action);
    expect(acts).toEqual(expect.arrayContaining(['run.retry', 'runs.repair']));
  });
});
