import { Worker } from 'node:worker_threads';

/** Kills this process when its event loop stands still for `limitMs`: what supervises it starts a healthy one, and its lease has lapsed long before. */
export function startWatchdog(limitMs = 15_000): { stop(): void } {
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => Atomics.add(beat, 0, 1), 500);
  timer.unref();
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData: { beat, limitMs } });
  thread.unref();
  return {
    stop: () => {
      clearInterval(timer);
      void thread.terminate();
    },
  };
}
