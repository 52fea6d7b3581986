import { createHash } from 'node:crypto';
import { loadFile, measureRunFiles, newId, saveRunFile, saveTrialFile, transaction, type Pool } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { NewFile, RunFiles } from '@holdfast/node-kit';
import { isDatabaseTrouble } from './database-trouble.ts';
import type { RunSession } from './run-session.ts';

/** What a run may keep. */
export interface FileLimits {
  /** Of one file. */
  fileBytes: number;
  /** Of all files of a run together. */
  runBytes: number;
  /** Files of a run. */
  runCount: number;
}
const megabyte = 1024 * 1024;
export const defaultFileLimits: FileLimits = { fileBytes: 25 * megabyte, runBytes: 250 * megabyte, runCount: 500 };
const trialKeptForMs = 24 * 3_600_000;

/** The run whose step it is, in the hands of its owner. */
interface FilesOwner extends Pick<RunSession, 'guard'> {
  deps: Pick<RunSession['deps'], 'pool' | 'fileLimits'>;
  run: Pick<RunSession['run'], 'id' | 'workspaceId'>;
}

/** The files that one step reads and makes; `stillMine` throws once its time is over. */
export function filesOfStep({ deps, run, guard }: FilesOwner, stepId: string, stillMine: () => void): RunFiles {
  const limits = deps.fileLimits ?? defaultFileLimits;
  return {
    save: async (given, part = '') => {
      stillMine();
      const file = measured(given, limits);
      const key = { workspaceId: run.workspaceId, runId: run.id, stepId, part };
      const id = await sure(() =>
        transaction(deps.pool, async (client) => {
          await guard(client);
          const others = await measureRunFiles(client, key);
          if (others.count + 1 > limits.runCount) throw tooMany(limits);
          if (others.bytes + file.sizeBytes > limits.runBytes) throw tooMuch(limits);
          // Who waited for a connection until the step went on without it must not replace what that has kept since.
          stillMine();
          return saveRunFile(client, key, file);
        }),
      );
      return { id, name: file.name, mimeType: file.mimeType, sizeBytes: file.sizeBytes };
    },
    read: async (id) => {
      stillMine();
      return readFile(deps.pool, run.workspaceId, id);
    },
  };
}

/** The same for a step that is tried: what it makes is kept for a day. */
export const filesOfTrial = ({ pool, fileLimits }: { pool: Pool; fileLimits?: FileLimits }, workspaceId: string): RunFiles => ({
  save: async (given) => {
    const file = measured(given, fileLimits ?? defaultFileLimits);
    await sure(() => saveTrialFile(pool, { ...file, workspaceId, keptForMs: trialKeptForMs }));
    return { id: file.id, name: file.name, mimeType: file.mimeType, sizeBytes: file.sizeBytes };
  },
  read: (id) => readFile(pool, workspaceId, id),
});

async function readFile(pool: Pool, workspaceId: string, id: string): ReturnType<RunFiles['read']> {
  const file = await sure(() => loadFile(pool, { workspaceId, id }));
  if (!file) throw new HoldfastError('file.missing', { detail: say`There is no file "${id.slice(0, 100)}" here.` });
  return { ...file, sizeBytes: file.content.length };
}

function measured({ name, mimeType, content }: NewFile, { fileBytes }: FileLimits) {
  const sizeBytes = content.byteLength;
  if (sizeBytes > fileBytes)
    throw new HoldfastError('file.too-large', {
      detail: say`The file "${name.slice(0, 100)}" has ${inMegabytes(sizeBytes)} MB; at most ${inMegabytes(fileBytes)} MB are kept.`,
    });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { id: newId('file'), name: cleanName(name), mimeType, sizeBytes, sha256, content };
}

const inMegabytes = (bytes: number): string => (bytes / megabyte).toFixed(1).replace(/\.0$/, '');
const tooMany = ({ runCount }: FileLimits) =>
  new HoldfastError('file.too-large', { detail: say`This run has made ${runCount} files, and more are not kept.` });
const tooMuch = ({ runBytes }: FileLimits) =>
  new HoldfastError('file.too-large', { detail: say`The files of this run would take more than ${inMegabytes(runBytes)} MB together.` });

// A name is shown and offered for download; paths, control characters and text direction overrides have no place in it.
const cleanName = (given: string): string =>
  [...given.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').trim()].slice(0, 120).join('').toWellFormed().replace(/^\.+/, '') || 'file';

/** Our own database is no failure of the step's: no attempt is counted. */
async function sure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HoldfastError || !isDatabaseTrouble(error)) throw error;
    throw new HoldfastError('database.unavailable', { detail: 'The database did not answer. The file was not kept.', cause: error });
  }
}
