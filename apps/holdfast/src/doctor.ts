import { access, constants, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { createPool } from '@holdfast/db';
import { findTemporal, isPortFree, messageOf, postgresBinaries, StackError } from '@holdfast/stack';
import colors from 'picocolors';
import { runningDatabase } from './with-database.ts';
import { readRunFile } from './run-file.ts';
import { publicAddress, readSettings, type Settings } from './settings.ts';

export interface Finding {
  ok: boolean;
  title: string;
  detail: string;
  /** What to do when it is not ok. */
  hint?: string;
}

/** Looks at each thing a start needs, prints what it found and what to do; answers whether all is well. */
export async function doctor(print: (line: string) => void = console.log): Promise<boolean> {
  const settings = readSettings();
  const checks = [checkNode, checkDataFolder, checkDisk, checkPort, checkPostgres, checkTemporal, checkHealth];
  const findings: Finding[] = [];
  for (const check of checks) {
    const finding = await check(settings);
    if (finding) findings.push(finding);
  }
  for (const { ok, title, detail, hint } of findings) {
    print(`${ok ? colors.green('ok  ') : colors.red('FAIL')}  ${title}: ${detail}`);
    if (!ok && hint) print(`      ${hint}`);
  }
  const failed = findings.filter(({ ok }) => !ok).length;
  print(failed === 0 ? '\nEverything a start needs is there.' : `\n${failed} of ${findings.length} checks failed.`);
  return failed === 0;
}

const checkNode = async (): Promise<Finding> => {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    ok: major >= 24,
    title: 'Node',
    detail: process.versions.node,
    hint: 'Start with `npx -y pnpm@12 start`: it brings its own Node 24.',
  };
};

/** The nearest folder that exists: a data folder that is still to be made needs a place where it can be. */
async function nearest(folder: string): Promise<string> {
  return access(folder).then(
    () => folder,
    () => (dirname(folder) === folder ? folder : nearest(dirname(folder))),
  );
}

export async function checkDataFolder({ dataDir }: Settings): Promise<Finding> {
  const place = await nearest(dataDir);
  const problem = await access(place, constants.W_OK).then(() => null, messageOf);
  return {
    ok: problem === null,
    title: 'Data folder',
    detail: problem ?? `${dataDir}${place === dataDir ? '' : ' (will be made)'}`,
    hint: `Give yourself the right to write in ${place}, or set HOLDFAST_DATA_DIR to another folder.`,
  };
}

async function checkDisk({ dataDir }: Settings): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(dataDir));
  const freeMb = Math.round((bavail * bsize) / 1e6);
  return {
    ok: freeMb > 1_000,
    title: 'Disk',
    detail: `${freeMb} MB free`,
    hint: 'PostgreSQL stops when the disk is full: free at least 1 GB.',
  };
}

export async function checkPort(settings: Settings): Promise<Finding> {
  const { port, host, dataDir } = settings;
  const launcher = readRunFile(dataDir, 'launcher');
  if (launcher)
    return { ok: true, title: 'Port', detail: `Holdfast runs at ${launcher.url ?? publicAddress(settings)} (process ${launcher.pid})` };
  return (await isPortFree(port, host))
    ? { ok: true, title: 'Port', detail: `${port} is free` }
    : {
        ok: false,
        title: 'Port',
        detail: `${port} is used by another program`,
        hint: `Stop it, or set HOLDFAST_PORT to another number, e.g. ${port + 1}.`,
      };
}

export async function checkPostgres({ databaseUrl, dataDir }: Settings): Promise<Finding> {
  const url = databaseUrl ?? runningDatabase(dataDir);
  if (!url) return checkBundledPostgres();
  const pool = createPool(url, { max: 1, name: 'holdfast-doctor' });
  try {
    const { rows } = await pool.query<{ version: string; number: number; fsync: string }>(
      "select current_setting('server_version') as version, current_setting('server_version_num')::int as number, current_setting('fsync') as fsync",
    );
    const [row] = rows;
    const isFit = row !== undefined && row.number >= 150_000 && row.fsync === 'on';
    return {
      ok: isFit,
      title: 'PostgreSQL',
      detail: `${row?.version} at ${new URL(url).host}, fsync ${row?.fsync}`,
      hint: 'Holdfast needs PostgreSQL 15 or newer, with fsync on.',
    };
  } catch (error) {
    return {
      ok: false,
      title: 'PostgreSQL',
      detail: `${new URL(url).host} does not answer: ${messageOf(error)}`,
      hint: databaseUrl
        ? 'Check DATABASE_URL, or leave it away to use the embedded PostgreSQL.'
        : 'Start Holdfast again: npx -y pnpm@12 start',
    };
  } finally {
    await pool.end();
  }
}

function checkBundledPostgres(): Finding {
  try {
    return { ok: true, title: 'PostgreSQL', detail: `embedded, from ${postgresBinaries()}` };
  } catch (error) {
    return {
      ok: false,
      title: 'PostgreSQL',
      detail: messageOf(error),
      ...(error instanceof StackError && error.hint ? { hint: error.hint } : {}),
    };
  }
}

export async function checkTemporal({ temporalAddress, dataDir }: Settings): Promise<Finding> {
  if (temporalAddress) {
    const [host, port = '7233'] = temporalAddress.split(':');
    const answers = await accepts(host ?? '', Number(port));
    return {
      ok: answers,
      title: 'Temporal',
      detail: `${temporalAddress} ${answers ? 'answers' : 'does not answer'}`,
      hint: 'Check TEMPORAL_ADDRESS, or leave it away to use the embedded Temporal.',
    };
  }
  const running = readRunFile(dataDir, 'temporal');
  if (running?.port)
    return {
      ok: await accepts('127.0.0.1', running.port),
      title: 'Temporal',
      detail: `embedded, on port ${running.port}`,
      hint: 'The launcher starts it again by itself within seconds; its log is in the data folder.',
    };
  const found = await findTemporal();
  return found.path
    ? { ok: true, title: 'Temporal', detail: `embedded, from ${found.path}` }
    : {
        ok: true,
        title: 'Temporal',
        detail: `not on this machine yet; the next start ${found.go ? 'downloads it, or builds it with Go when there is no network (about five minutes, once)' : 'downloads it (there is no Go to build it with)'}`,
      };
}

const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3_000 });
    const settle = (answer: boolean) => () => (socket.destroy(), resolve(answer));
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false));
  });

async function checkHealth(settings: Settings): Promise<Finding | null> {
  const launcher = readRunFile(settings.dataDir, 'launcher');
  if (!launcher?.url) return null;
  try {
    const response = await fetch(`${launcher.url}/api/health`, { signal: AbortSignal.timeout(5_000) });
    return {
      ok: response.ok,
      title: 'Health',
      detail: response.ok ? 'database, Temporal and worker answer' : `${response.status} ${(await response.text()).slice(0, 300)}`,
      hint: `The logs are in ${settings.dataDir}/logs.`,
    };
  } catch (error) {
    return {
      ok: false,
      title: 'Health',
      detail: `${launcher.url} does not answer: ${messageOf(error)}`,
      hint: `The logs are in ${settings.dataDir}/logs.`,
    };
  }
}
