import { spawn } from 'node:child_process';
import { cacheFolder, findGo, freePort, installWithGo, isExecutable, executable, provideBinary } from '@holdfast/stack';
import { join } from 'node:path';
import hoodiecrow from 'hoodiecrow-imap';
import { findDovecot, listens } from './dovecot.ts';
import type { ImapServer, ImapServerKind } from './imap-server.ts';

const user = 'support@kelp.test';
const password = 'a-password-of-the-tests';
/** What the server from npm takes in place of the password (XOAUTH2). */
export const mailToken = 'fresh-token';

const plugins = [
  'ID',
  'IDLE',
  'MOVE',
  'UIDPLUS',
  'NAMESPACE',
  'UNSELECT',
  'ENABLE',
  'CONDSTORE',
  'SPECIAL-USE',
  'SASL-IR',
  'AUTH-PLAIN',
  'LITERALPLUS',
  'XOAUTH2',
];

/** hoodiecrow-imap: comes from npm, so it is everywhere. */
const fromNpm: ImapServerKind = {
  name: 'hoodiecrow-imap',
  start: async ({ without = [] } = {}) => {
    const server = hoodiecrow({
      plugins: plugins.filter((plugin) => !without.includes(plugin)),
      users: { [user]: { password, xoauth2: { accessToken: mailToken, sessionTimeout: 3_600_000 } } },
      storage: { INBOX: {}, '': { separator: '/', folders: { Sent: { 'special-use': '\\Sent' }, Archive: {}, Support: {} } } },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    return {
      user,
      password,
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
      close: () => new Promise<void>((resolve) => server.close(resolve)),
    };
  },
};

const version = '2.0.0-beta.8';
const goImap: ImapServerKind = {
  name: `go-imap ${version}`,
  start: async () => {
    const environment = process.env;
    const binary = await provideBinary({
      name: 'imapmemserver',
      label: `the IMAP server for tests (go-imap ${version})`,
      cacheDir: cacheFolder(`imapmemserver-${version}`, environment),
      onProgress: (text) => process.stderr.write(`${text}\n`),
      otherwise: (target) => `put imapmemserver at ${target}`,
      sources: {
        download: () => Promise.reject(new Error('It is not published as a program.')),
        buildWithGo: (target, onProgress) =>
          installWithGo({
            module: `github.com/emersion/go-imap/v2/cmd/imapmemserver@v${version}`,
            file: 'imapmemserver',
            label: 'the IMAP server for tests',
            takes: 'half a minute',
            target,
            onProgress,
            environment,
          }),
      },
    });
    return startProgram(binary);
  },
};

async function startProgram(binary: string): Promise<ImapServer> {
  const port = await freePort();
  const server = spawn(binary, ['-listen', `127.0.0.1:${port}`, '-username', user, '-password', password, '-insecure-auth'], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && !(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  if (isOver) throw new Error('The IMAP server ended at once.');
  return {
    user,
    password,
    port,
    close: async () => {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * The servers that this machine can run: one from npm always, a second, independent one where Go is there to build it (half a minute, once), and
 * Dovecot where it is installed. What reads mail must be right with all of them.
 */
export async function imapServers(): Promise<ImapServerKind[]> {
  const cached = join(cacheFolder(`imapmemserver-${version}`, process.env), executable('imapmemserver'));
  const hasGo = (await isExecutable(cached)) || (await findGo(process.env)) !== null;
  if (!hasGo) process.stderr.write('Go is not here, so reading mail is not tested with go-imap.\n');
  const dovecot = await findDovecot({ user, password });
  return [fromNpm, ...(hasGo ? [goImap] : []), ...(dovecot ? [dovecot] : [])];
}
