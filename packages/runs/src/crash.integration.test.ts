import { takeOverRun } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { Runner } from '@holdfast/node-kit';
import { ungated } from '@holdfast/providers';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CrashPoint, ExecutionDeps } from './deps.ts';
import { startManualRun } from './start-run.ts';
import { stretch } from './stretch.ts';
import { testWorld, type TestWorld } from './test/test-world.ts';

let world: TestWorld;
let shop: HttpService;
let crashAt: CrashPoint | null;
/** So often the point is passed before. */
let passes: number;
let isDead: () => void;
/** The service for notes is known to be down. */
let isDown: boolean;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  crashAt = null;
  passes = 0;
  isDown = false;
  shop = await startHttpService();
  shop.on('GET /orders', { body: { status: 'shipped' } });
  shop.on('POST /notes', { status: 201, body: { note: 1 } });
  world = await testWorld({
    database,
    alter: (deps) => ({
      ...deps,
      providers: {
        admit: async (call) => {
          if (isDown && call.request.url.endsWith('/notes')) throw new HoldfastError('upstream.down', { detail: 'It has been failing.' });
          return ungated(deps.egress).admit(call);
        },
      },
      // A process that dies here does nothing any more: it never comes back from this call.
      crashPoint: (point) => {
        if (point !== crashAt || passes-- > 0) return undefined;
        crashAt = null;
        isDead();
        return new Promise<void>(() => undefined);
      },
    }),
  });
});
afterEach(async () => {
  await world.close();
  await shop.close();
});

const posts = () => shop.received.filter((request) => request.method === 'POST').length;

async function startCalls(): Promise<string> {
  const { flowId } = await world.publish(
    `start:webhook-trigger.received -> first:set-data -> look:api-call.ok -> note:api-call.ok -> done:end
     note.refused -> done`,
    {
      configs: {
        start: { path: 'orders-test' },
        look: { url: `${shop.url}/orders` },
        note: { method: 'POST', url: `${shop.url}/notes`, bodyKind: 'json', body: '{"status": {{ nodes.look.body.status | json }}}' },
        done: { result: 'text', text: '{{ nodes.note.body.note }}' },
      },
    },
  );
  const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: {} } });
  return runId;
}

/** Runs a stretch until its process dies at the point. */
async function dieAt(point: CrashPoint, runId: string): Promise<void> {
  const death = new Promise<void>((resolve) => {
    isDead = resolve;
  });
  crashAt = point;
  world.stretch(runId).catch(() => undefined);
  await death;
}

const takeOver = async (runId: string) => {
  const { epoch } = await world.run(runId);
  expect(await takeOverRun(world.pool, { runId, epoch })).toBe(true);
};

/** What becomes of a run whose process died at a point, and how often the call that must not happen twice was made. */
const windows: [CrashPoint, { posts: number; status: string; code?: string }][] = [
  ['adopted', { posts: 1, status: 'ended' }],
  ['effect-ended', { posts: 1, status: 'ended' }],
  ['call-dispatched', { posts: 0, status: 'attention', code: 'upstream.ambiguous' }],
  ['call-answered', { posts: 1, status: 'attention', code: 'upstream.ambiguous' }],
  ['ending', { posts: 1, status: 'attention', code: 'upstream.ambiguous' }],
];

describe('a run whose process dies', () => {
  for (const [point, expected] of windows) {
    for (const [who, begin] of [
      ['the same workflow', async () => undefined],
      ['another process', takeOver],
    ] as const) {
      test(`at "${point}" is brought to its end by ${who}, and nothing happens twice`, async () => {
        const runId = await startCalls();
        await dieAt(point, runId);
        await begin(runId);
        await world.stretch(runId);
        const run = await world.run(runId);
        expect({ posts: posts(), status: run.status, ...(run.cause ? { code: run.cause.code } : {}) }).toEqual(expected);
      });
    }
  }

  test.each([
    ['its first call was under way and its service is down by now', { isDownFirst: false, calls: ['/notes'] }],
    ['the second address was called and the first is back by now', { isDownFirst: true, calls: ['/second'] }],
  ])('does not use the other address when %s', async (_what, { isDownFirst, calls }) => {
    const { flowId } = await world.publish('start:webhook-trigger.received -> note:api-call.ok -> done:end\n note.refused -> done', {
      configs: {
        start: { path: 'two-addresses' },
        note: { method: 'POST', url: `${shop.url}/notes`, secondUrl: `${shop.url}/second`, bodyKind: 'json', body: '{}' },
      },
    });
    const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: {} } });
    isDown = isDownFirst;
    // The first address's refusal is such an answer too.
    passes = isDownFirst ? 1 : 0;
    await dieAt('call-answered', runId);
    isDown = !isDownFirst;
    await world.stretch(runId);
    expect(shop.received.map(({ path }) => path)).toEqual(calls);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous' } });
  });

  test('after its end was written says so once more and changes nothing', async () => {
    const runId = await startCalls();
    await dieAt('ended', runId);
    expect(await world.run(runId)).toMatchObject({ status: 'ended', result: 1 });
    expect(await world.stretch(runId)).toEqual({ status: 'superseded', effects: [], wakeInMs: null });
    expect(posts()).toBe(1);
  });

  test('and is continued later than its successor can write nothing more', async () => {
    const runId = await startCalls();
    let goOn = () => {};
    const frozen = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow = testStretch(frozen);
    const first = slow(runId);
    await expect.poll(() => posts()).toBe(1);
    await takeOver(runId);
    await world.stretch(runId);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous' } });
    goOn();
    expect(await first).toMatchObject({ status: 'superseded' });
    expect(posts()).toBe(1);
    expect(await world.run(runId)).toMatchObject({ status: 'attention' });
  });
});

/** A stretch whose process stands still after the POST was answered, until told to go on. */
function testStretch(until: Promise<void>) {
  return async (runId: string) => {
    const { stretch } = await import('./stretch.ts');
    const { epoch } = await world.run(runId);
    return stretch(
      { ...world.deps, crashPoint: (point) => (point === 'call-answered' ? until : undefined) },
      { runId, epoch, owner: `${runId}.${epoch}`, inFlight: [] },
    );
  };
}

describe('a call that must not happen twice', () => {
  test('is recalled when its process died before the end of its step, and the step goes on behind it', async () => {
    const runId = await startCalls();
    const { 'api-call': once } = world.deps.runners;
    if (!once) throw new Error('There is no runner for api-call.');
    // What became of the first call is written when the second goes out.
    const twice: Runner = {
      ...once,
      run: async (input) => {
        if (input.config['method'] !== 'POST') return once.run(input);
        const call = (part: string) =>
          input.context.egress.request({ method: 'POST', url: `${shop.url}/notes`, body: '{}', isIdempotent: false, part });
        const answers = [await call('first'), await call('second')];
        return { port: 'ok', output: { body: { note: answers.length } } };
      },
    };
    const { epoch } = await world.run(runId);
    const goOn = (crashPoint: ExecutionDeps['crashPoint']) =>
      stretch(
        { ...world.deps, runners: { ...world.deps.runners, 'api-call': twice }, ...(crashPoint ? { crashPoint } : {}) },
        { runId, epoch, owner: `${runId}.${epoch}`, inFlight: [] },
      );
    const death = new Promise<void>((resolve) => {
      goOn((point) => (point === 'call-settled' ? (resolve(), new Promise<void>(() => undefined)) : undefined)).catch(() => undefined);
    });
    await death;
    await goOn(undefined);
    const ledger = await world.pool.query<{ part: string; state: string }>(
      'select part, state from effects where run_id = $1 order by part',
      [runId],
    );
    expect(ledger.rows).toEqual([
      { part: 'first', state: 'accepted' },
      { part: 'second', state: 'dispatching' },
    ]);
    expect(posts()).toBe(1);
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous' } });
  });

  test('is not tried again when the time of its step is over while it is under way', async () => {
    const { flowId } = await world.publish('start:webhook-trigger.received -> note:api-call.ok -> done:end\n note.refused -> done', {
      configs: {
        start: { path: 'slow-notes' },
        note: { method: 'POST', url: `${shop.url}/notes`, timeout: '1s', bodyKind: 'json', body: '{}' },
      },
    });
    const { runId } = await startManualRun(world.deps, { workspaceId: world.workspaceId, flowId, input: { body: {} } });
    const { epoch } = await world.run(runId);
    let calls = 0;
    const send = () => {
      calls += 1;
      return new Promise<never>(() => undefined);
    };
    const providers: ExecutionDeps['providers'] = { admit: async () => ({ state: 'go', send, giveUp: async () => undefined }) };
    await stretch({ ...world.deps, providers }, { runId, epoch, owner: `${runId}.${epoch}`, inFlight: [] });
    expect(await world.run(runId)).toMatchObject({ status: 'attention', cause: { code: 'upstream.ambiguous', node: 'note' } });
    expect(calls).toBe(1);
  });

  test('is made once although the database did not take its answer', async () => {
    const runId = await startCalls();
    const { epoch } = await world.run(runId);
    let hasFailed = false;
    const pool = new Proxy(world.pool, {
      get: (target, name) => {
        if (name !== 'query') return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return (...args: Parameters<typeof target.query>) => {
          const [statement] = args as unknown as [{ name?: string }]; // a statement with a name, as the queries of db are
          if (statement.name !== 'end-run-settling' || hasFailed) return target.query(...args);
          hasFailed = true;
          return Promise.reject(new Error('timeout exceeded when trying to connect'));
        };
      },
    });
    const result = await stretch({ ...world.deps, pool }, { runId, epoch, owner: `${runId}.${epoch}`, inFlight: [] });
    expect(hasFailed).toBe(true);
    expect({ posts: posts(), result }).toMatchObject({ posts: 1, result: { status: 'ended' } });
  });
});

describe('a step that takes its process along each time', () => {
  test('is given up after five tries instead of for ever', async () => {
    await world.publish('start:channel-trigger.message -> tell:send-message', {
      configs: { start: { channels: ['any'] }, tell: { text: 'Hello' } },
    });
    const { conversationId } = await world.say('berta', 'Hi');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    for (let death = 1; death <= 5; death++) await dieAt('step-started', claimed.runId);
    await world.stretch(claimed.runId);
    expect(await world.run(claimed.runId)).toMatchObject({ status: 'attention', cause: { code: 'step.crashed', node: 'tell' } });
  });
});

describe('a customer’s reply', () => {
  test('is sent once although the process died after the question was said', async () => {
    await world.publish('start:channel-trigger.message -> ask:ask.answered -> tell:send-message', {
      configs: { start: { channels: ['any'] }, ask: { question: 'Which order?' }, tell: { text: 'Got {{ nodes.ask.text }}' } },
    });
    const { conversationId } = await world.say('berta', 'Hi');
    const claimed = await world.claim(conversationId ?? '');
    if (claimed.act !== 'started') throw new Error(claimed.act);
    await dieAt('wait-opening', claimed.runId);
    await world.stretch(claimed.runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['Which order?']);
    await world.say('berta', 'A-7');
    await world.claim(conversationId ?? '');
    await dieAt('ending', claimed.runId);
    await world.stretch(claimed.runId);
    expect(await world.sent(conversationId ?? '')).toEqual(['Which order?', 'Got A-7']);
    expect(await world.run(claimed.runId)).toMatchObject({ status: 'ended' });
  });
});
