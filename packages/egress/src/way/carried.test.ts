import { expect, test } from 'vitest';
import { createEgress } from '../create-egress.ts';
import { agentQuestion } from './agent-protocol.ts';
import { outcome, type Outcome } from './carried.ts';

const answered = { state: 'answered' as const, status: 200, headers: {}, body: '', url: 'http://erp.test/', wasActedOn: false };
const request = async (said: Outcome, method: string) => {
  const egress = createEgress({ carry: async () => said, limits: { bodyBytes: 1_000 } });
  const resolvedCredential = {
    kind: 'bearer',
    allowedHosts: ['erp.test'],
    secret: { token: 'agent-token' },
    via: { kind: 'agent' as const, id: 'agt_1', workspaceId: 'ws_1' },
  };
  try {
    return await egress.request({ method, url: 'http://erp.test/', resolvedCredential });
  } finally {
    await egress.close();
  }
};

test('an agent’s word is held to what a socket could bring: lines, characters and size', async () => {
  const headers = { 'x-a': 'one\r\nset-cookie: x\0\ud800' };
  expect(outcome.parse({ ...answered, headers })).toMatchObject({ headers: { 'x-a': 'one  set-cookie: x \ufffd' } });
  for (const bad of [{ headers: { 'x a': '1' } }, { headers: { 'x\n': '1' } }, { status: 100 }, { status: 1_000 }, { url: 'x' }])
    expect(outcome.safeParse({ ...answered, ...bad }).success, JSON.stringify(bad)).toBe(false);

  const body = (bytes: number) => ({ ...answered, body: Buffer.alloc(bytes, 'x').toString('base64') });
  expect((await request(body(1_000), 'GET')).status).toBe(200);
  await expect(request(body(1_001), 'GET')).rejects.toMatchObject({ code: 'upstream.too-large' });
  // It was carried out all the same.
  await expect(request(body(1_001), 'POST')).rejects.toMatchObject({ code: 'upstream.ambiguous' });
});

test('an agent that speaks of what is not its own call is not believed', async () => {
  const failed = { state: 'failed' as const, code: 'auth.forbidden', detail: 'no' };
  await expect(request(failed, 'POST')).rejects.toMatchObject({ code: 'upstream.ambiguous' });
  await expect(request(failed, 'GET')).rejects.toMatchObject({ code: 'upstream.broken' });
  const told = { ...failed, code: 'upstream.refused', detail: 'sent Bearer agent-token', hint: 'agent-token' };
  await expect(request(told, 'GET')).rejects.toMatchObject({ code: 'upstream.refused', detail: 'sent Bearer …', hint: '…' });
});

test('what an agent says of a database is told without the password', async () => {
  const egress = createEgress({
    carry: async () => ({ state: 'failed', code: 'upstream.broken', detail: 'asked as ann with tang-und-anker', hint: 'tang-und-anker' }),
  });
  const credential = { kind: 'postgresql', name: 'ERP', settings: {}, secret: { password: 'tang-und-anker' } };
  const agent = { kind: 'agent' as const, id: 'agt_1', workspaceId: 'ws_1' };
  const asked = egress.queryByAgent({ agent, host: 'db', port: 5432, totalMs: 60_000, credential, request: null });
  await expect(asked).rejects.toMatchObject({ code: 'upstream.broken', detail: 'asked as ann with …', hint: '…' });
  await egress.close();
});

test('what an agent says of itself is one line each', () => {
  const question = {
    protocol: 1,
    instance: 'i',
    boot: 1,
    process: 'p',
    turn: 1,
    machine: 'erp-1',
    version: '1',
    allow: ['erp:1'],
    room: 1,
    running: 0,
    known: [],
  };
  expect(agentQuestion.safeParse(question).success).toBe(true);
  for (const odd of [{ instance: 'a\0' }, { machine: 'a\nb' }, { allow: ['erp\0:1'] }, { known: ['\0'] }])
    expect(agentQuestion.safeParse({ ...question, ...odd }).success, JSON.stringify(odd)).toBe(false);
});
