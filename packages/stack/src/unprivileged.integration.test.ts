import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from './child.ts';
import { postgresBinaries } from './postgres.ts';
import { findUnprivileged } from './unprivileged.ts';

const isRoot = process.getuid?.() === 0;
const locked = mkdtempSync(join(tmpdir(), 'holdfast-locked-'));
afterAll(() => rmSync(locked, { recursive: true }));

test('PostgreSQL runs as nobody special, also from a folder that only we can enter', async () => {
  const origin = postgresBinaries();
  cpSync(join(origin, '..'), join(locked, 'native'), { recursive: true, verbatimSymlinks: true });
  cpSync(join(origin, '..', '..', 'package.json'), join(locked, 'package.json'));
  const dataDir = join(locked, 'data');
  mkdirSync(dataDir);
  const as = await findUnprivileged(dataDir, join(locked, 'native', 'bin'));
  const whoami = as.wrap('id', ['-u']);
  const { stdout } = await runCommand(whoami.file, whoami.args, {
    ...(whoami.uid === undefined ? {} : { uid: whoami.uid }),
    ...(whoami.gid === undefined ? {} : { gid: whoami.gid }),
  });
  expect(Number(stdout)).toBe(isRoot ? as.account?.uid : process.getuid?.());
  expect(Number(stdout)).not.toBe(0);
  expect(statSync(join(as.binaries, 'initdb')).isFile()).toBe(true);
  expect(as.binaries.startsWith(locked)).toBe(!isRoot);
  const initdb = as.wrap(join(as.binaries, 'initdb'), ['--version']);
  expect(await runCommand(initdb.file, initdb.args)).toMatchObject({ code: 0, stdout: expect.stringContaining('PostgreSQL') });
});
