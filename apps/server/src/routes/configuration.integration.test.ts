import { newId } from '@holdfast/db';
import { startHttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const auditOf = async (subject: string) =>
  (await server.owner.call('GET', '/api/audit?limit=200')).body.items.filter((row: { subject: string }) => row.subject === subject);

describe('a credential', () => {
  test('never shows its secret: not in answers, lists, the database or the audit', async () => {
    const made = (
      await server.owner.call('POST', '/api/credentials', {
        name: 'CRM',
        kind: 'bearer',
        baseUrl: 'https://crm.example',
        secret: { token: 'tok-very-secret' },
      })
    ).body;
    await server.owner.call('PUT', `/api/credentials/${made.id}`, {
      name: 'CRM 2',
      kind: 'bearer',
      baseUrl: 'https://crm.example',
      secret: { token: 'tok-very-secret-2' },
    });
    const seen = [made, (await server.owner.call('GET', '/api/credentials')).body, (await server.owner.call('GET', '/api/audit')).body];
    expect(JSON.stringify(seen)).not.toContain('very-secret');
    const { rows } = await server.pool.query("select encode(secret, 'escape') as secret from credentials where id = $1", [made.id]);
    expect(rows[0].secret).not.toContain('very-secret');
    expect((await auditOf(made.id)).map((row: { action: string }) => row.action)).toEqual(['credential.changed', 'credential.created']);
  });

  test('can’t be pointed elsewhere without entering its secret again', async () => {
    const made = (
      await server.owner.call('POST', '/api/credentials', {
        name: 'Bound',
        kind: 'bearer',
        baseUrl: 'https://crm.example',
        secret: { token: 'x' },
      })
    ).body;
    const change = (more: object) =>
      server.owner.call('PUT', `/api/credentials/${made.id}`, { name: 'Bound', kind: 'bearer', baseUrl: 'https://crm.example', ...more });
    expect(await change({ baseUrl: 'https://evil.example' })).toMatchObject({ status: 400, body: { path: 'secret' } });
    expect((await change({ allowedHosts: ['evil.example'] })).status).toBe(400);
    expect((await change({ kind: 'basic' })).status).toBe(400);
    expect((await change({ name: 'Renamed' })).status).toBe(200);
    expect((await change({ baseUrl: 'https://other.example', secret: { token: 'x' } })).status).toBe(200);
  });

  test('leads to a database inside the network by an administrator’s word alone, and its password to no other server', async () => {
    const [builder, admin] = [await server.withKey('builder'), await server.withKey('admin')];
    const settings = {
      host: 'db.kelp.example',
      database: 'shop',
      user: 'flows',
      tls: 'verify-full',
      writing: 'refused',
      network: 'outside',
    };
    const outside = { name: 'Shop', kind: 'postgresql', settings, secret: { password: 'kelp-und-anker-7' } };
    const inside = { ...outside, settings: { ...settings, network: 'inside' } };
    const forbidden = { status: 403, body: { code: 'auth.forbidden', path: 'settings.network' } };
    expect(await builder.call('POST', '/api/credentials', inside)).toMatchObject(forbidden);
    const { id } = (await builder.call('POST', '/api/credentials', outside)).body;
    expect(await builder.call('PUT', `/api/credentials/${id}`, inside)).toMatchObject(forbidden);
    expect((await admin.call('PUT', `/api/credentials/${id}`, inside)).status).toBe(200);
    const elsewhere = { ...inside, settings: { ...inside.settings, host: '10.0.0.9' } };
    expect(await builder.call('PUT', `/api/credentials/${id}`, elsewhere)).toMatchObject(forbidden);
    const { secret: _secret, ...kept } = elsewhere;
    expect(await admin.call('PUT', `/api/credentials/${id}`, kept)).toMatchObject({ status: 400, body: { path: 'secret' } });
    const { secret: _same, ...renamed } = { ...inside, name: 'Orders' };
    expect((await builder.call('PUT', `/api/credentials/${id}`, renamed)).status).toBe(200);
    for (const host of ['a.example,b.example', '(host=evil)', '/var/run/postgresql', 'db.example?sslmode=disable', 'user@db.example'])
      expect(await admin.call('POST', '/api/credentials', { ...outside, settings: { ...settings, host } })).toMatchObject({
        status: 400,
        body: { path: 'settings.host' },
      });
    const shown = JSON.stringify([(await admin.call('GET', '/api/credentials')).body, (await admin.call('GET', '/api/audit')).body]);
    expect(shown).not.toContain('kelp-und-anker-7');
  });

  test('gets an address that is trusted inside the network from administrators alone', async () => {
    const [builder, admin] = [await server.withKey('builder'), await server.withKey('admin')];
    const scheme = { name: 'No web address', kind: 'bearer', baseUrl: 'javascript:alert(1)', secret: { token: 'x' } };
    expect(await server.owner.call('POST', '/api/credentials', scheme)).toMatchObject({ status: 400, body: { path: 'baseUrl' } });
    const inside = { name: 'Inside', kind: 'bearer', baseUrl: 'http://169.254.169.254', secret: { token: 'x' } };
    const forbidden = { status: 403, body: { code: 'auth.forbidden', path: 'baseUrl' } };
    expect(await builder.call('POST', '/api/credentials', inside)).toMatchObject(forbidden);
    const { baseUrl, ...bound } = { ...inside, allowedHosts: ['crm.example'] };
    const { id } = (await builder.call('POST', '/api/credentials', bound)).body;
    expect(await builder.call('PUT', `/api/credentials/${id}`, { ...bound, baseUrl })).toMatchObject(forbidden);
    expect((await admin.call('PUT', `/api/credentials/${id}`, { ...bound, baseUrl })).status).toBe(200);
    // What an administrator has set may stay.
    expect((await builder.call('PUT', `/api/credentials/${id}`, { ...bound, baseUrl, name: 'Renamed' })).status).toBe(200);
  });

  test.each([
    [{ kind: 'bearer', secret: {} }, 'secret.token'],
    [{ kind: 'basic', secret: { username: 'a', password: '' } }, 'secret.password'],
    [{ kind: 'header', secret: { name: 'x-key', value: 'a\r\nhost: evil' } }, 'secret.value'],
    [{ kind: 'nonsense', secret: {} }, 'kind'],
  ])('is refused when it could not work: %j', async (given, path) => {
    expect(await server.owner.call('POST', '/api/credentials', { name: 'Bad', ...given })).toMatchObject({ status: 400, body: { path } });
  });

  test('that a live flow uses stays', async () => {
    const credential = (
      await server.owner.call('POST', '/api/credentials', {
        name: 'In use',
        kind: 'bearer',
        baseUrl: 'https://crm.example',
        secret: { token: 'x' },
      })
    ).body;
    const flow = (await server.owner.call('POST', '/api/flows', { name: 'Uses it' })).body;
    const position = { x: 0, y: 0 };
    const nodes = [
      { id: 'start', type: 'webhook-trigger', typeVersion: 1, name: 'Start', config: { path: 'uses-credential' }, position },
      {
        id: 'call',
        type: 'api-call',
        typeVersion: 1,
        name: 'Call',
        config: { url: 'https://crm.example/c', credential: credential.id },
        position,
      },
      ...['ok', 'refused', 'failed'].map((port) => ({ id: port, type: 'end', typeVersion: 1, name: port, config: {}, position })),
    ];
    const edges = [
      { id: 'e1', from: { node: 'start', port: 'received' }, to: { node: 'call' } },
      ...['ok', 'refused', 'failed'].map((port) => ({ id: port, from: { node: 'call', port }, to: { node: port } })),
    ];
    await server.owner.call('PUT', `/api/flows/${flow.id}/draft`, { file: { ...flow.draft, nodes, edges }, revision: 1 });
    expect((await server.owner.call('POST', `/api/flows/${flow.id}/publish`, {})).status).toBe(200);
    const listed = (await server.owner.call('GET', '/api/credentials')).body.items.find(
      (each: { id: string }) => each.id === credential.id,
    );
    expect(listed.usedBy).toEqual([{ flow: flow.id, name: 'Uses it' }]);
    expect(await server.owner.call('DELETE', `/api/credentials/${credential.id}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('"Uses it"') },
    });
    await server.owner.call('DELETE', `/api/flows/${flow.id}`);
    // Without it, what is kept could never go out.
    await server.pool.query(
      `insert into kept_calls (id, workspace_id, provider, step_id, what, is_repeatable, request) values ('kept_1', $1, 'http:crm.example', 's', 'POST x', true, $2)`,
      [server.workspaceId, { url: '/c', credential: credential.id }],
    );
    expect(await server.owner.call('DELETE', `/api/credentials/${credential.id}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('kept for later (1)') },
    });
    await server.pool.query(`update kept_calls set state = 'discarded', request = null`);
    expect((await server.owner.call('DELETE', `/api/credentials/${credential.id}`)).status).toBe(200);
  });

  test('is tried with one harmless call', async () => {
    const service = await startHttpService();
    try {
      service.on('/v1/models', { status: 200, body: { data: [] } }, { status: 401 });
      const { id } = (
        await server.owner.call('POST', '/api/credentials', {
          name: 'Own model',
          kind: 'openai-compatible',
          baseUrl: `${service.url}/v1`,
          secret: { apiKey: 'key-1' },
        })
      ).body;
      expect((await server.owner.call('POST', `/api/credentials/${id}/test`)).body).toMatchObject({ ok: true });
      expect((await server.owner.call('POST', `/api/credentials/${id}/test`)).body).toMatchObject({
        ok: false,
        detail: expect.stringContaining('401'),
      });
      expect(service.received[0]).toMatchObject({ method: 'GET', headers: { authorization: 'Bearer key-1' } });
    } finally {
      await service.close();
    }
  });
});

describe('settings', () => {
  test('keep the mail password to themselves, and only as long as it goes to the same server', async () => {
    const smtp = { host: 'mail.example', port: 587, secure: false, user: 'kelp', from: 'bot@kelp.example' };
    const saved = await server.owner.call('PATCH', '/api/settings', { smtp: { ...smtp, password: 'mail-secret' } });
    expect(saved.body.smtp).toEqual(smtp);
    const stored = async () => (await server.pool.query("select value from settings where key = 'smtp'")).rows[0].value;
    expect(JSON.stringify(await stored())).not.toContain('mail-secret');
    await server.owner.call('PATCH', '/api/settings', { smtp: { ...smtp, from: 'team@kelp.example' } });
    expect((await stored()).password).not.toBeNull();
    await server.owner.call('PATCH', '/api/settings', { smtp: { ...smtp, host: 'evil.example' } });
    expect((await stored()).password).toBeNull();
    expect((await server.owner.call('PATCH', '/api/settings', { smtp: null })).body.smtp).toBeNull();
  });

  test('say where the workspace is and when it keeps quiet; a channel’s limits must be ones that there are', async () => {
    const sending = { timezone: 'Europe/Madrid', quietHours: { from: '21:00', to: '08:00', purposes: ['marketing'] } };
    expect((await server.owner.call('PATCH', '/api/settings', { sending })).body.sending).toEqual(sending);
    expect((await server.owner.call('PATCH', '/api/settings', { sending: { timezone: 'Mars/Olympus' } })).status).toBe(400);
    const id = newId('channel');
    await server.pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, 'telegram', 'Shop')`, [
      id,
      server.workspaceId,
    ]);
    const change = (limits: object) => server.owner.call('PATCH', `/api/channels/${id}`, { settings: { limits } });
    expect((await change({ perSecond: 5, perDay: null })).body.config.limits).toEqual({ perSecond: 5, perDay: null });
    for (const limits of [{ perSecond: 0 }, { perWeek: 5 }, { quietHours: { from: '9', to: '10:00' } }])
      expect((await change(limits)).body).toMatchObject({ code: 'request.invalid', path: expect.stringContaining('settings.limits') });
  });

  test('hold the red switch, which says who threw it', async () => {
    expect((await server.owner.call('POST', '/api/settings/sends', { paused: true })).body).toMatchObject({
      sendsPausedBy: 'ana',
      sendsPausedAt: expect.any(String),
    });
    expect((await server.owner.call('POST', '/api/settings/sends', { paused: false })).body).toMatchObject({
      sendsPausedBy: null,
      sendsPausedAt: null,
    });
    expect((await auditOf(server.workspaceId)).map((row: { action: string }) => row.action)).toEqual(
      expect.arrayContaining(['sends.paused', 'sends.allowed']),
    );
  });

  test('are audited in a table that nobody can change', async () => {
    await expect(server.pool.query("update audit set actor_name = 'nobody'")).rejects.toThrow('append-only');
    await expect(server.pool.query('delete from audit')).rejects.toThrow('append-only');
  });

  test('of prices, answers and variables come back as they were saved', async () => {
    const prices = [{ provider: 'groq', model: 'openai/gpt-oss-20b', inputUsd: 0.1, outputUsd: 0.5, since: '2026-11-01' }];
    expect((await server.owner.call('PATCH', '/api/settings', { prices })).body.prices).toEqual(prices);
    const answer = (await server.owner.call('POST', '/api/answers', { questions: ['When are you open?'], answer: '9 to 5' })).body;
    expect(
      (await server.owner.call('PUT', `/api/answers/${answer.id}`, { questions: ['Opening hours?'], answer: '9 to 6', language: 'en' }))
        .body,
    ).toMatchObject({ id: answer.id, questions: ['Opening hours?'], language: 'en' });
    expect((await server.owner.call('DELETE', `/api/answers/${answer.id}`)).body).toEqual({ ok: true });
    await server.owner.call('POST', '/api/variables', { name: 'greeting', value: 'Hi' });
    expect((await server.owner.call('POST', '/api/variables', { name: 'greeting', value: { en: 'Hello' } })).body).toMatchObject({
      name: 'greeting',
      value: { en: 'Hello' },
    });
    expect((await server.owner.call('DELETE', '/api/variables/greeting')).status).toBe(200);
    expect((await server.owner.call('DELETE', '/api/variables/greeting')).status).toBe(404);
  });
});

describe('a file', () => {
  const upload = (name: string, content: Uint8Array, type = 'image/png') =>
    server.owner.call('POST', `/api/files?name=${encodeURIComponent(name)}`, content, { 'content-type': type });

  test.each([
    ['page.png', '<html><script>alert(1)</script></html>', 'application/octet-stream'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'application/octet-stream'],
    ['polyglot.pdf', '%PDF-1.4 <script>', 'application/pdf'],
  ])('is typed by its content and only ever downloaded: %s', async (name, content, mimeType) => {
    const made = (await upload(name, new TextEncoder().encode(content))).body;
    expect(made).toMatchObject({ name, mimeType, fileId: expect.stringMatching(/^file_/) });
    const answer = await server.owner.call('GET', `/api/files/${made.fileId}`);
    expect(answer.body).toBe(content);
    expect(answer.headers.get('content-type')).toContain(mimeType);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\y.txt', 'y.txt'],
    ['a\0b.txt', 'a\uFFFDb.txt'],
    ['gpj.\u202Eexe', 'gpj.exe'],
    ['...', 'file'],
    ['"; filename=x.html', '"; filename=x.html'],
  ])('gets a harmless name: %j', async (given, name) => {
    const made = await upload(given, new TextEncoder().encode('x'));
    expect(made.body.name).toBe(name);
    expect(
      (await server.owner.call('GET', `/api/files/${made.body.fileId}`)).headers.get('content-disposition')?.match(/filename=/g),
    ).toHaveLength(name.includes('filename=') ? 2 : 1);
  });

  test('can be fetched whatever its sender says that it is', async () => {
    for (const odd of ['text/html\r\nset-cookie: x=1', 'bild/größe’', '']) {
      const made = (await upload('a.txt', new TextEncoder().encode('x'))).body;
      await server.pool.query('update files set mime_type = $2 where id = $1', [made.fileId, odd]);
      const answer = await server.owner.call('GET', `/api/files/${made.fileId}`);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('set-cookie')]).toEqual([
        200,
        'application/octet-stream',
        null,
      ]);
    }
  });

  test('larger than 20 MB is refused while it comes in', async () => {
    expect((await upload('big.bin', new Uint8Array(20_000_001))).status).toBe(413);
    expect((await upload('empty.bin', new Uint8Array(0))).status).toBe(400);
  });
});

describe('the export of messages', () => {
  test('holds every message once, oldest first, also beyond a page, and nothing that a spreadsheet computes', async () => {
    const { conversation } = (
      await server.owner.call('POST', '/api/simulator/messages', { contact: '=cmd()', text: '=HYPERLINK("http://evil.example")' })
    ).body;
    await server.pool.query(
      `insert into messages (id, workspace_id, conversation_id, direction, author, text, status, created_at)
       select 'msg_bulk' || lpad(n::text, 5, '0'), $1, $2, 'in', 'customer', 'number ' || n, 'received', now() + make_interval(secs => n / 700) from generate_series(1, 1300) n`,
      [server.workspaceId, conversation],
    );
    const jsonl = await server.owner.call('GET', `/api/messages/export?conversation=${conversation}`);
    expect(jsonl.headers.get('content-disposition')).toContain('attachment');
    const lines = String(jsonl.body)
      .trim()
      .split('\n')
      .map((line): { id: string; text: string } => JSON.parse(line));
    expect(lines).toHaveLength(1301);
    expect(new Set(lines.map((line) => line.id)).size).toBe(1301);
    expect(lines[0]?.text).toBe('=HYPERLINK("http://evil.example")');
    expect(lines.at(-1)?.text).toBe('number 1300');
    const csv = (await server.owner.call('GET', `/api/messages/export?format=csv&conversation=${conversation}`)).body;
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(csv).toContain(`"'=cmd()"`);
    expect(String(csv).trim().split('\r\n')).toHaveLength(1302);
    const viewer = await server.withKey('viewer');
    expect((await viewer.call('GET', '/api/messages/export')).status).toBe(403);
  });
});
