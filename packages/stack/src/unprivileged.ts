import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './child.ts';
import { StackError } from './stack-error.ts';

export interface Account {
  uid: number;
  gid: number;
  name: string;
}

type Wrap = (file: string, args: string[]) => { file: string; args: string[]; uid?: number; gid?: number };

/** How PostgreSQL, which refuses root, must be started here. */
export interface Unprivileged {
  account: Account | null;
  /** The folder of `postgres` and `initdb` that the account can reach. */
  binaries: string;
  wrap: Wrap;
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

/** Where a copy of the binaries may lie that every account can reach; root alone can write the first. */
const commonPlaces = ['/var/cache/holdfast', join(tmpdir(), 'holdfast-postgres')];

/**
 * As an ordinary user: nothing to do. As root: another account. When that account can't reach the binaries (a checkout in
 * /root, mode 0700), they are copied to where it can; when it can't reach the data, it keeps one single capability, that of
 * passing through folders. The capability alone is not enough for the binaries: PostgreSQL asks access(2), which ignores it.
 */
export async function findUnprivileged(dataDir: string, binaries: string): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { account: null, binaries, wrap: (file, args) => ({ file, args }) };
  const account = chooseAccount(readFileSync('/etc/passwd', 'utf8'), statSync(dataDir).uid);
  if (!account)
    throw new StackError(
      'PostgreSQL refuses to run as root, and this machine has no account "postgres" or "nobody" to run it as.',
      'Start Holdfast as an ordinary user, or create the account: useradd --system postgres',
    );
  const { uid, gid } = account;
  const plain: Wrap = (file, args) => ({ file, args, uid, gid });
  const reachable = await reachableBinaries(plain, binaries);
  if (reachable) {
    for (const wrap of [plain, keeping('dac_read_search', account), keeping('dac_override', account)]) {
      if (await succeeds(wrap, 'ls', ['-d', `${dataDir}/.`])) return { account, binaries: reachable, wrap };
    }
  }
  throw new StackError(
    `PostgreSQL refuses to run as root, and the account "${account.name}" it would run as can't reach ${reachable ? dataDir : binaries}.`,
    'Move the checkout out of /root, or start Holdfast as an ordinary user.',
  );
}

const keeping =
  (capability: string, { uid, gid }: Account): Wrap =>
  (file, args) => {
    const become = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
    return { file: 'setpriv', args: [...become, '--inh-caps', `+${capability}`, '--ambient-caps', `+${capability}`, '--', file, ...args] };
  };

async function reachableBinaries(wrap: Wrap, binaries: string): Promise<string | null> {
  const runs = (folder: string): Promise<boolean> => succeeds(wrap, join(folder, 'postgres'), ['--version']);
  if (await runs(binaries)) return binaries;
  for (const place of commonPlaces) {
    const copy = copyOf(binaries, place);
    if (copy && (await runs(copy))) return copy;
  }
  return null;
}

/** A copy under its version, shared by all checkouts; null when there can't be one, or when somebody but root made the place. */
function copyOf(binaries: string, place: string): string | null {
  const version = /"version":\s*"([^"]+)"/.exec(readFileSync(join(binaries, '..', '..', 'package.json'), 'utf8'))?.[1] ?? 'unknown';
  const target = join(place, `postgres-${version}`);
  const partial = `${target}.${process.pid}`;
  try {
    mkdirSync(place, { recursive: true });
    if (statSync(place).uid !== 0) return null;
    chmodSync(place, 0o755);
    if (!existsSync(target)) {
      cpSync(join(binaries, '..'), partial, { recursive: true, verbatimSymlinks: true });
      openToAll(partial);
      renameSync(partial, target);
    }
  } catch {
    // Another start may have made it in the meantime.
    rmSync(partial, { recursive: true, force: true });
  }
  return existsSync(target) ? join(target, 'bin') : null;
}

/** Like `chmod -R a+rX`: an installation with a strict umask can be read by root alone. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function succeeds(wrap: Wrap, file: string, args: string[]): Promise<boolean> {
  const { file: wrapped, args: wrappedArgs, ...ids } = wrap(file, args);
  return runCommand(wrapped, wrappedArgs, { ...ids, cwd: '/' }).then(
    (result) => result.code === 0,
    () => false,
  );
}
