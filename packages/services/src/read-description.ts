import { Worker } from 'node:worker_threads';
import { type ErrorCode, HoldfastError, say } from '@holdfast/errors';
import { unreadable, type Description } from './description.ts';

export const maxDocumentBytes = 5_000_000;
/** A document that takes longer to read is none that people wrote. */
const readWithinMs = 60_000;

/** What the thread answers; an error's class would not cross. */
export type ThreadAnswer = { read: Description } | { failed: { code: ErrorCode; detail: string; hint?: string; path?: string } };

/**
 * Reads an OpenAPI document (JSON or YAML) or a WSDL, by what it begins with. In a thread of its own: megabytes of YAML take seconds, and this process
 * has others to serve. Fetches nothing that it refers to. Throws service.document, with the place in the document as `path`.
 */
export async function readDescription(bytes: Uint8Array, from: { sourceUrl: string | null }): Promise<Description> {
  if (bytes.length === 0) throw unreadable('The document is empty.');
  if (bytes.length > maxDocumentBytes)
    throw unreadable(
      say`The document has ${(bytes.length / 1_000_000).toFixed(1)} MB; at most 5 MB are read.`,
      undefined,
      'Import a part of it.',
    );
  const text = decode(bytes);
  await takeTurn();
  try {
    return await readInThread(text, from);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** Threads at once: each may take half a gigabyte, and whoever imports could ask for any number of them. */
const mostThreads = 2;
let running = 0;
const waiting: (() => void)[] = [];
async function takeTurn(): Promise<void> {
  while (running >= mostThreads) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
}

async function readInThread(text: string, from: { sourceUrl: string | null }): Promise<Description> {
  const worker = new Worker(new URL('./read-thread.ts', import.meta.url), {
    workerData: { text, from },
    resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 4 },
  });
  try {
    return answerOf(await firstWord(worker));
  } finally {
    await worker.terminate();
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\0', '\uFFFD');
  } catch {
    throw unreadable('The document is not text in UTF-8.', undefined, 'Save it as UTF-8, as JSON, YAML or WSDL.');
  }
}

async function firstWord(worker: Worker): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(unreadable('Reading the document took too long.')), readWithinMs);
    const end = () => clearTimeout(late);
    worker.once('message', (answer: ThreadAnswer) => (end(), resolve(answer)));
    worker.once('error', (error) => (end(), reject(overtaxed(error))));
    worker.once('exit', () => (end(), reject(unreadable('Reading the document ended early.'))));
  });
}

function answerOf(answer: ThreadAnswer): Description {
  if ('read' in answer) return answer.read;
  const { code, ...facts } = answer.failed;
  throw new HoldfastError(code, facts);
}

const overtaxed = (error: unknown): HoldfastError =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? unreadable('Reading the document takes more memory than it may.', undefined, 'Import a part of it.')
    : new HoldfastError('internal', { detail: 'The document could not be read.', cause: error });
