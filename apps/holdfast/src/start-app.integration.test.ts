import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@holdfast/stack';
import { testDatabase, testTemporal } from '@holdfast/test-kit';
import { expect, onTestFinished, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { startApp } from './start-app.ts';

test('a port that somebody took while the databases started is named, with a way out', async () => {
  const [database, temporal, dataDir] = await Promise.all([testDatabase(), testTemporal(), mkdtemp(join(tmpdir(), 'holdfast-app-'))]);
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(async () => {
    other.close();
    await Promise.all([database.close(), temporal.close(), rm(dataDir, { recursive: true, force: true })]);
  });
  openDataFolder(dataDir);
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    HOLDFAST_PORT: String(port),
    HOLDFAST_DATA_DIR: dataDir,
  };
  await expect(startApp({ name: 'server', roles: 'server', dataDir, env })).rejects.toMatchObject({
    message: `Port ${port} is used by another program.`,
    hint: expect.stringContaining(`HOLDFAST_PORT=${port + 1}`),
  });
});
