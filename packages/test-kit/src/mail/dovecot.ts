import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findExecutable, freePort } from '@holdfast/stack';
import type { ImapServer, ImapServerKind } from './imap-server.ts';

/** The user of no rights that every Unix has: Dovecot opens no mailbox as root. */
const nobody = 65_534;

/** Dovecot 2.3, the server that most mail hosts run, where it is installed and we may start it. */
export async function findDovecot(login: { user: string; password: string }): Promise<ImapServerKind | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const binary = await findExecutable('dovecot', [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']);
  return binary === null ? null : { name: 'Dovecot', start: () => start(binary, login) };
}

async function start(binary: string, { user, password }: { user: string; password: string }): Promise<ImapServer> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-dovecot-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  for (const name of ['mail', 'home']) {
    await mkdir(join(folder, name));
    await chown(join(folder, name), nobody, nobody);
  }
  const file = join(folder, 'dovecot.conf');
  await writeFile(file, configuration(folder, port, password));
  const server = spawn(binary, ['-F', '-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver && !(await listens(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  if (isOver) throw new Error(`Dovecot ended at once; see ${join(folder, 'log')}.`);
  return {
    user,
    password,
    port,
    close: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (folder: string, port: number, password: string): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${nobody} gid=${nobody} home=${folder}/home/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Archive {
    auto = create
  }
  mailbox Support {
    auto = create
  }
}
`;

/** Whether somebody answers there. */
export const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
