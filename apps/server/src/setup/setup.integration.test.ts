import { migrate } from '@holdfast/db';
import { testDatabase } from '@holdfast/test-kit';
import { describe, expect, test } from 'vitest';
import { client, startTestServer } from '../test/test-server.ts';
import { createApiKey } from '../cli/create-api-key.ts';
import { exportFlows } from '../cli/export-flows.ts';
import { importFlow } from '../cli/import-flow.ts';

const owner = { name: 'Ana', email: 'ana@example.com', password: 'kelp-forest-1', workspace: 'Kelp & Co.' };

describe('the first start', () => {
  test('has a workspace with the simulator and a live sample flow, and nobody who could sign in', async () => {
    const server = await startTestServer({ withOwner: false });
    try {
      expect((await server.anonymous.call('GET', '/api/setup')).body).toEqual({ isOpen: true });
      expect((await server.pool.query('select count(*)::int as count from users')).rows[0].count).toBe(0);
      const key = await server.withKey('viewer');
      expect((await key.call('GET', '/api/flows')).body.items).toEqual([
        expect.objectContaining({ name: 'Order status', status: 'live', hasUnpublishedChanges: false }),
      ]);
      expect((await key.call('GET', '/api/channels')).body.items).toEqual([
        expect.objectContaining({ kind: 'simulator', status: 'active' }),
      ]);
      expect((await key.call('GET', '/api/variables')).body.items.map((each: { name: string }) => each.name)).toContain('demo_orders_url');
    } finally {
      await server.close();
    }
  });

  test('makes exactly one owner of twenty who come at once', async () => {
    const server = await startTestServer({ withOwner: false });
    try {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          server.anonymous.call('POST', '/api/setup', { ...owner, email: `ana${index}@example.com` }),
        ),
      );
      expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
      expect((await server.pool.query('select count(*)::int as count from users')).rows[0].count).toBe(1);
      expect((await server.pool.query('select count(*)::int as count from workspaces')).rows[0].count).toBe(1);
      expect((await server.anonymous.call('GET', '/api/setup')).body).toEqual({ isOpen: false });
    } finally {
      await server.close();
    }
  });

  test.each([
    { ...owner, password: 'short' },
    { ...owner, email: 'no address' },
    { ...owner, role: 'owner' },
    { ...owner, email: { $ne: 1 } },
    {},
  ])('refuses %j', async (body) => {
    const server = await startTestServer({ withOwner: false });
    try {
      expect((await server.anonymous.call('POST', '/api/setup', body)).status).toBe(400);
      expect((await server.anonymous.call('GET', '/api/setup')).body).toEqual({ isOpen: true });
    } finally {
      await server.close();
    }
  });

  test('says what is wrong with an owner from the environment', async () => {
    await expect(startTestServer({ withOwner: false, environment: { HOLDFAST_OWNER_EMAIL: 'ana@example.com' } })).rejects.toThrow(
      'HOLDFAST_OWNER_PASSWORD',
    );
    await expect(
      startTestServer({ withOwner: false, environment: { HOLDFAST_OWNER_EMAIL: 'ana@example.com', HOLDFAST_OWNER_PASSWORD: '12345' } }),
    ).rejects.toThrow('at least 10 characters');
    await expect(startTestServer({ withOwner: false, environment: { HOLDFAST_SECRET_KEY: '12345' } })).rejects.toThrow('32 random bytes');
  });
});

describe('the command line', () => {
  test('makes a key that the API takes, exports the flows, and imports one live', async () => {
    const server = await startTestServer();
    try {
      const { databaseUrl } = server;
      const key = await createApiKey({ databaseUrl, name: 'cli', role: 'builder' });
      const caller = client(server.url, { authorization: `Bearer ${key}` });
      expect((await caller.call('GET', '/api/me')).body.role).toBe('builder');
      const [exported] = await exportFlows({ databaseUrl });
      const imported = await importFlow({ databaseUrl, file: { ...exported?.file, name: 'A copy' }, publish: true });
      const flow = (await caller.call('GET', `/api/flows/${imported.id}`)).body;
      expect(flow).toMatchObject({ name: 'A copy', status: 'live', publishedVersionId: imported.version });
      await expect(importFlow({ databaseUrl, file: { format: 'something else' } })).rejects.toMatchObject({ code: 'flow.invalid' });
      await expect(createApiKey({ databaseUrl, name: 'x', role: 'owner' })).rejects.toMatchObject({ code: 'request.invalid' });
    } finally {
      await server.close();
    }
  });

  test('says that Holdfast was never started when there is no workspace', async () => {
    const database = await testDatabase();
    try {
      await migrate(database.pool);
      await expect(createApiKey({ databaseUrl: database.url, name: 'x', role: 'admin' })).rejects.toThrow('no workspace yet');
    } finally {
      await database.close();
    }
  });
});
