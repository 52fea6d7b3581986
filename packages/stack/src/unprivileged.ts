import { readFileSync, statSync } from 'node:fs';
import { runCommand } from './child.ts';
import { StackError } from './stack-error.ts';

export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/** How a command must be started so that PostgreSQL, which refuses root, accepts it. */
export interface Unprivileged {
  account: Account | null;
  wrap(file: string, args: string[]): { file: string; args: string[]; uid?: number; gid?: number };
}

/** Chooses the account: the data folder's owner when that is not root, else `postgres`, else `nobody`. initdb needs an account that has a name. */
export function chooseAccount(passwd: string, ownerUid: number): Account | null {
  const accounts = passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid && Number(uid) > 0 ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
  return (
    accounts.find((account) => account.uid === ownerUid) ??
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === 'nobody') ??
    null
  );
}

/**
 * As an ordinary user: nothing to do. As root: another account. When that account can't reach the files (a checkout in
 * /root, mode 0700), it keeps one single capability, that of passing through folders.
 */
export async function findUnprivileged(dataDir: string, binary: string): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { account: null, wrap: (file, args) => ({ file, args }) };
  const account = chooseAccount(readFileSync('/etc/passwd', 'utf8'), statSync(dataDir).uid);
  if (!account)
    throw new StackError(
      'PostgreSQL refuses to run as root, and this machine has no account "postgres" or "nobody" to run it as.',
      'Start Holdfast as an ordinary user, or create the account: useradd --system postgres',
    );
  const { uid, gid } = account;
  const plain: Unprivileged = { account, wrap: (file, args) => ({ file, args, uid, gid }) };
  if (await reaches(plain, dataDir, binary)) return plain;
  for (const capability of ['dac_read_search', 'dac_override']) {
    const setpriv = [
      '--reuid',
      String(uid),
      '--regid',
      String(gid),
      '--clear-groups',
      '--inh-caps',
      `+${capability}`,
      '--ambient-caps',
      `+${capability}`,
      '--',
    ];
    const withCapability: Unprivileged = { account, wrap: (file, args) => ({ file: 'setpriv', args: [...setpriv, file, ...args] }) };
    if (await reaches(withCapability, dataDir, binary)) return withCapability;
  }
  throw new StackError(
    `PostgreSQL refuses to run as root, and the account "${account.name}" it would run as can't reach ${dataDir} or ${binary}.`,
    'Move the checkout out of /root, or start Holdfast as an ordinary user.',
  );
}

async function reaches(as: Unprivileged, dataDir: string, binary: string): Promise<boolean> {
  const succeeds = async (file: string, args: string[]): Promise<boolean> => {
    const { file: wrapped, args: wrappedArgs, ...ids } = as.wrap(file, args);
    return runCommand(wrapped, wrappedArgs, { ...ids, cwd: '/' }).then(
      (result) => result.code === 0,
      () => false,
    );
  };
  return (await succeeds(binary, ['--version'])) && (await succeeds('ls', ['-d', `${dataDir}/.`]));
}
