import { notifyLive } from '@holdfast/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';

let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await startTestServer();
  cookie = (await server.withSession('viewer')).cookie;
});
afterAll(() => server.close());

interface Listener {
  text: () => string;
  isOver: () => boolean;
  close: () => void;
}

/** Reads a stream of events into a text. */
async function listen(headers: Record<string, string>): Promise<Listener> {
  const aborting = new AbortController();
  const response = await fetch(`${server.url}/api/events`, { headers, signal: aborting.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  let isOver = false;
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })()
    .catch(() => undefined)
    .finally(() => (isOver = true));
  return { text: () => text, isOver: () => isOver, close: () => aborting.abort() };
}

const change = (workspace = server.workspaceId, run = 'run_1') =>
  notifyLive(server.pool, workspace, { kind: 'run', run, flow: 'flow_1', status: 'running' });

const dropListener = () =>
  waitUntil(async () => {
    const dropped = await server.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast-listen' and datname = current_database()",
    );
    return dropped.rowCount;
  });

describe('live events', () => {
  test('reach the workspace they belong to, and no other', async () => {
    const others = await server.addWorkspace('Others');
    const theirs = await listen({ cookie: (await server.withSession('viewer', others)).cookie });
    const ours = await listen({ cookie });
    // The listening connection is made beside the start, so the first notices may come too early for it.
    await waitUntil(() => {
      change();
      return ours.text().includes('event: run');
    });
    expect(ours.text()).toContain('data: {"kind":"run","run":"run_1","flow":"flow_1","status":"running"}');
    change(others, 'run_2');
    await waitUntil(() => theirs.text().includes('run_2'));
    expect(theirs.text()).not.toContain('run_1');
    expect(ours.text()).not.toContain('run_2');
    ours.close();
    theirs.close();
  });

  test('that were missed come with the next connection', async () => {
    const first = await listen({ cookie });
    change();
    const id = await waitUntil(() => /id: (\S+)/.exec(first.text())?.[1]);
    first.close();
    const watcher = await listen({ cookie });
    change(server.workspaceId, 'run_missed');
    await waitUntil(() => watcher.text().includes('run_missed'));
    watcher.close();
    const second = await listen({ cookie, 'last-event-id': id });
    await waitUntil(() => second.text().includes('run_missed'));
    expect(second.text()).not.toContain('event: gap');
    second.close();
  });

  test('that nobody could hear are told as a gap, also to who was away meanwhile', async () => {
    const first = await listen({ cookie });
    change();
    const id = await waitUntil(() => /id: (\S+)/.exec(first.text())?.[1]);
    first.close();
    const watcher = await listen({ cookie });
    await dropListener();
    await waitUntil(() => watcher.text().includes('event: gap'));
    watcher.close();
    const second = await listen({ cookie, 'last-event-id': id });
    await expect.poll(second.text).toContain('event: gap');
    second.close();
  });

  test('of a time that nobody remembers are told as a gap', async () => {
    const stream = await listen({ cookie, 'last-event-id': 'anotherboot-17' });
    await waitUntil(() => stream.text().includes('event: gap'));
    expect(stream.text()).not.toContain('event: run');
    stream.close();
  });

  test('of many changes at once come as one of each', async () => {
    const stream = await listen({ cookie });
    for (let round = 0; round < 200; round++) change(server.workspaceId, 'run_busy');
    await waitUntil(() => stream.text().includes('run_busy'));
    change(server.workspaceId, 'run_done');
    await waitUntil(() => stream.text().includes('run_done'));
    expect(stream.text().split('run_busy').length - 1).toBeLessThan(5);
    stream.close();
  });

  test('end with the person who is removed', async () => {
    const person = await server.withSession('operator');
    const stream = await listen({ cookie: person.cookie });
    const member = (await server.owner.call('GET', '/api/members')).body.items.find(
      (each: { userId: string }) => each.userId === person.userId,
    );
    await server.owner.call('DELETE', `/api/members/${member.id}`);
    await waitUntil(() => stream.isOver());
    expect((await fetch(`${server.url}/api/events`, { headers: { cookie: person.cookie } })).status).toBe(401);
  });

  test('go on after the database dropped the connection that listens', async () => {
    const stream = await listen({ cookie });
    await dropListener();
    await waitUntil(() => stream.text().includes('event: gap'));
    change(server.workspaceId, 'run_after');
    await waitUntil(() => stream.text().includes('run_after'));
    expect(stream.isOver()).toBe(false);
    stream.close();
  });
});

describe('metrics', () => {
  test('count runs, sends, queues and the time of requests by route', async () => {
    await server.owner.call('GET', '/api/flows');
    const admin = await server.withKey('admin');
    const lines = [
      'holdfast_runs{status="waiting"}',
      'holdfast_sends{state="unknown"}',
      'holdfast_queue_depth{queue="inbox"}',
      'holdfast_queue_oldest_seconds{queue="queued"}',
      'holdfast_runs_in_lane{lane="express"}',
      'holdfast_lease_age_seconds{process="',
      'holdfast_stretches_in_flight{process="',
      'holdfast_http_request_duration_seconds_bucket',
      'route="/api/flows"',
      'process_resident_memory_bytes',
    ];
    // A process is told of while its lease beats; after a standstill that is a moment later.
    const missing = async () => {
      const { body } = await admin.call('GET', '/metrics');
      return lines.filter((line) => !String(body).includes(line));
    };
    await expect.poll(missing).toEqual([]);
  });
});
