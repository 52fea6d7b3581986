import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

// as: what startWatchdog hands over.
const { beat, limitMs } = workerData as { beat: Int32Array; limitMs: number };

// Counted in our own checks, not by the clock: a machine that slept, or a process that was stopped and continued, is not frozen.
const checkMs = limitMs / 10;
let last = -1;
let missed = 0;
setInterval(() => {
  const now = Atomics.load(beat, 0);
  missed = now === last ? missed + 1 : 0;
  last = now;
  if (missed < 10) return;
  writeSync(2, `The event loop stood still for ${limitMs / 1000} s: ending this process so that a fresh one takes over.\n`);
  process.kill(process.pid, 'SIGKILL');
}, checkMs);
