import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client, ownerEmail, ownerPassword, signIn, startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const tryToSignIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  server.anonymous.call('POST', '/api/auth/sign-in/email', { email, password }, headers);

describe('signing in', () => {
  test('sets a cookie that scripts and other sites can’t use, and tells no token', async () => {
    const answer = await tryToSignIn(ownerEmail.toUpperCase(), ownerPassword);
    expect(answer.body).toEqual({ ok: true });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^holdfast\.session_token=.*HttpOnly; SameSite=Lax/);
  });

  test('answers an unknown address like a wrong password', async () => {
    const wrong = await tryToSignIn(ownerEmail, 'not-the-password');
    const unknown = await tryToSignIn('nobody@example.com', 'not-the-password');
    expect(wrong.status).toBe(401);
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  });

  test('works as hard for an unknown address as for a wrong password', async () => {
    const person = await server.withSession('viewer');
    const work = async (email: string) => {
      const before = process.cpuUsage();
      await tryToSignIn(email, 'not-the-password');
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 5; round++) {
      known.push(await work(person.email));
      unknown.push(await work('someone-else@example.com'));
    }
    // Both hash a password (about 50 ms of CPU time, which a busy machine doesn't stretch); without that the unknown one costs less than 5 ms.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  test('rests after 10 tries for one account, whatever address the caller claims to have', async () => {
    const person = await server.withSession('viewer');
    const statuses: number[] = [];
    for (let number = 1; number <= 12; number++)
      statuses.push((await tryToSignIn(person.email, 'guess', { 'x-forwarded-for': `203.0.113.${number}` })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const right = await tryToSignIn(` ${person.email.toUpperCase()} `, person.password);
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await tryToSignIn(ownerEmail, ownerPassword)).status).toBe(200);
  });

  test('lets 40 guesses at once through no more than ten times', async () => {
    const person = await server.withSession('viewer');
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryToSignIn(person.email, 'guess')));
    expect(answers.filter((answer) => answer.status === 401).length).toBeLessThanOrEqual(10);
    expect(answers.filter((answer) => answer.status === 429).length).toBeGreaterThanOrEqual(30);
  });
});

describe('a session', () => {
  test('ends with signing out', async () => {
    const person = await server.withSession('viewer');
    expect((await person.call('GET', '/api/me')).status).toBe(200);
    await person.call('POST', '/api/auth/sign-out');
    expect((await person.call('GET', '/api/me')).status).toBe(401);
  });

  test('ends everywhere else when the password changes, and the old password with it', async () => {
    const person = await server.withSession('viewer');
    const elsewhere = client(server.url, { cookie: await signIn(server.url, person.email, person.password) });
    const wrong = await person.call('POST', '/api/auth/change-password', { currentPassword: 'not-it', newPassword: 'another-good-one' });
    expect(wrong.body).toMatchObject({ code: 'request.invalid', path: 'currentPassword' });
    const changed = await person.call('POST', '/api/auth/change-password', {
      currentPassword: person.password,
      newPassword: 'another-good-one',
    });
    expect(changed.status).toBe(200);
    expect((await elsewhere.call('GET', '/api/me')).status).toBe(401);
    expect((await person.call('GET', '/api/me')).status).toBe(401);
    const renewed = client(server.url, { cookie: changed.headers.getSetCookie()[0]?.split(';')[0] ?? '' });
    expect((await renewed.call('GET', '/api/me')).status).toBe(200);
    expect((await tryToSignIn(person.email, person.password)).status).toBe(401);
  });

  test('ends when its person is removed', async () => {
    const person = await server.withSession('operator');
    const member = (await server.owner.call('GET', '/api/members')).body.items.find(
      (each: { userId: string }) => each.userId === person.userId,
    );
    await server.owner.call('DELETE', `/api/members/${member.id}`);
    expect((await person.call('GET', '/api/me')).status).toBe(401);
    expect((await tryToSignIn(person.email, person.password)).status).toBe(401);
  });

  test('with a first password from somebody else may only choose its own', async () => {
    await server.owner.call('POST', '/api/members', { name: 'New', email: 'new@example.com', role: 'admin', password: 'chosen-by-ana' });
    const fresh = client(server.url, { cookie: await signIn(server.url, 'new@example.com', 'chosen-by-ana') });
    expect((await fresh.call('GET', '/api/me')).body.mustChangePassword).toBe(true);
    expect((await fresh.call('GET', '/api/flows')).body).toMatchObject({ code: 'auth.forbidden', path: 'password' });
    const changed = await fresh.call('POST', '/api/auth/change-password', {
      currentPassword: 'chosen-by-ana',
      newPassword: 'chosen-by-myself',
    });
    const own = client(server.url, { cookie: changed.headers.getSetCookie()[0]?.split(';')[0] ?? '' });
    expect((await own.call('GET', '/api/flows')).status).toBe(200);
  });

  test('made up from parts is none', async () => {
    const person = await server.withSession('viewer');
    const [name = '', value = ''] = person.cookie.split('=');
    for (const forged of [`${name}=${value.slice(0, 20)}.AAAA`, `${name}=`, `${name}=%00`, `${name}=null`, value]) {
      expect((await server.anonymous.call('GET', '/api/me', undefined, { cookie: forged })).status).toBe(401);
    }
  });
});

describe('an API key', () => {
  test('is shown once, works at once, and is worth nothing once revoked', async () => {
    const made = (await server.owner.call('POST', '/api/keys', { name: 'Shop', role: 'builder' })).body;
    expect(made.key).toMatch(/^hf_[\w-]{43}$/);
    const key = client(server.url, { authorization: `Bearer ${made.key}` });
    expect((await key.call('GET', '/api/me')).body).toMatchObject({ role: 'builder', user: { name: 'API key "Shop"' } });
    const listed = (await server.owner.call('GET', '/api/keys')).body.items;
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect(listed[0]).toMatchObject({ name: 'Shop', start: made.key.slice(0, 8), lastUsedAt: expect.any(String) });
    const stored = await server.pool.query('select key_hash from api_keys where id = $1', [made.id]);
    expect(JSON.stringify(stored.rows)).not.toContain(made.key);
    await server.owner.call('DELETE', `/api/keys/${made.id}`);
    expect((await key.call('GET', '/api/me')).status).toBe(401);
  });

  test('can’t be an owner’s, and can’t change a password', async () => {
    expect((await server.owner.call('POST', '/api/keys', { name: 'Root', role: 'owner' })).status).toBe(400);
    const key = await server.withKey('admin');
    expect((await key.call('POST', '/api/auth/change-password', { currentPassword: 'x', newPassword: 'long-enough-1' })).status).toBe(403);
  });
});

describe('roles', () => {
  test('an admin can neither make, change nor remove an owner', async () => {
    const admin = await server.withSession('admin');
    const owner = (await admin.call('GET', '/api/members')).body.items.find((each: { role: string }) => each.role === 'owner');
    expect(
      (await admin.call('POST', '/api/members', { name: 'X', email: 'x@example.com', role: 'owner', password: 'long-enough-1' })).status,
    ).toBe(403);
    expect((await admin.call('PATCH', `/api/members/${owner.id}`, { role: 'viewer' })).status).toBe(403);
    expect((await admin.call('DELETE', `/api/members/${owner.id}`)).status).toBe(403);
    const self = (await admin.call('GET', '/api/members')).body.items.find((each: { userId: string }) => each.userId === admin.userId);
    expect((await admin.call('PATCH', `/api/members/${self.id}`, { role: 'owner' })).status).toBe(403);
  });

  test('a workspace keeps an owner, also when two step down at once', async () => {
    const workspace = await server.addWorkspace('Two owners');
    const one = await server.withSession('owner', workspace);
    const two = await server.withSession('owner', workspace);
    const members = (await one.call('GET', '/api/members')).body.items as { id: string; userId: string }[];
    const idOf = (userId: string) => members.find((member) => member.userId === userId)?.id;
    const answers = await Promise.all([
      one.call('PATCH', `/api/members/${idOf(one.userId)}`, { role: 'viewer' }),
      two.call('PATCH', `/api/members/${idOf(two.userId)}`, { role: 'viewer' }),
    ]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });

  test('extra fields change nothing', async () => {
    const person = await server.withSession('admin');
    const member = (await person.call('GET', '/api/members')).body.items.find((each: { userId: string }) => each.userId === person.userId);
    for (const extra of [{ isOwner: true }, { workspaceId: 'ws_x' }, { id: 'x' }, { createdAt: '2020-01-01' }]) {
      expect((await person.call('PATCH', `/api/members/${member.id}`, { role: 'viewer', ...extra })).status).toBe(400);
    }
    expect((await person.call('GET', '/api/me')).body.role).toBe('admin');
  });
});

describe('a page of another site', () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

  test('can’t write with a person’s cookie, sign anybody in, or use a plain form', async () => {
    expect((await server.owner.call('POST', '/api/settings/sends', { paused: true }, foreign)).status).toBe(403);
    expect((await server.owner.call('DELETE', '/api/variables/shop_name', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await server.owner.call('POST', '/api/settings/sends', { paused: true }, { origin: 'null' })).status).toBe(403);
    expect((await tryToSignIn(ownerEmail, ownerPassword, foreign)).status).toBe(403);
    expect((await server.owner.call('POST', '/api/settings/sends', '{"paused":true}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await server.owner.call('GET', '/api/settings')).body.sendsPausedAt).toBeNull();
  });

  test('is told nothing about who may read', async () => {
    const answer = await server.owner.call('GET', '/api/flows', undefined, foreign);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
  });

  test('and our own page may write', async () => {
    const answer = await server.owner.call(
      'POST',
      '/api/settings/sends',
      { paused: false },
      { origin: server.url, 'sec-fetch-site': 'same-origin' },
    );
    expect(answer.status).toBe(200);
  });
});
