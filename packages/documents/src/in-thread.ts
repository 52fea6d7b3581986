import { HoldfastError, say } from '@holdfast/errors';
import { Piscina } from 'piscina';
import { valueOf, type ThreadOutcome } from './outcome.ts';

/** The part of AbortSignal that is needed. */
export interface Stop {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}
export interface ThreadOptions {
  signal?: Stop;
  /** After that the thread is ended; a minute when left out. */
  timeoutMs?: number;
}

const idleMs = 10_000;
const heapMegabytes = 384;
let pool: Piscina | null = null;

// A process that executes runs must answer within three seconds, whatever it works on: drawing and unpacking is done beside it.
const threads = (): Piscina =>
  (pool ??= new Piscina({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: idleMs,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  }));

/** Throws what the work throws, step.timeout after its time, and file.too-large when it needs more memory than a thread has. */
export async function inThread<Value>(name: 'pdf' | 'read' | 'write', given: object, options: ThreadOptions = {}): Promise<Value> {
  const { signal, timeoutMs = 60_000 } = options;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const timer = setTimeout(stop, timeoutMs);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    const outcome: ThreadOutcome<Value> = await threads().run(given, { name, signal: stopping.signal });
    return valueOf(outcome);
  } catch (error) {
    if (stopping.signal.aborted)
      throw new HoldfastError('step.timeout', {
        detail: say`The file was not done within ${Math.round(timeoutMs / 1_000)} s.`,
        cause: error,
      });
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      throw new HoldfastError('file.too-large', {
        detail: say`It needs more than the ${heapMegabytes} MB of memory that a file may take.`,
      });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
