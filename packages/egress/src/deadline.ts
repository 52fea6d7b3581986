import type { Cancellation } from '@holdfast/node-kit';

/** What ends an attempt from outside: the total timeout or the caller's signal, whichever comes first. */
export interface Deadline {
  /** Called once at most; at once when it is over already. Replaces an earlier listener. */
  onOver: (listen: ((reason: Over) => void) | null) => void;
  close: () => void;
}
export type Over = 'timeout' | 'cancelled';

/** An AbortSignal has both; node-kit's narrower type names only the first. */
export type Signal = Cancellation & { removeEventListener?: (type: 'abort', listener: () => void) => void };

export function openDeadline(totalMs: number, signal: Signal | undefined): Deadline {
  let over: Over | null = signal?.aborted ? 'cancelled' : null;
  let listener: ((reason: Over) => void) | null = null;
  const end = (reason: Over) => {
    over ??= reason;
    const current = listener;
    listener = null;
    current?.(over);
  };
  const cancel = () => end('cancelled');
  signal?.addEventListener('abort', cancel);
  const timer = setTimeout(() => end('timeout'), totalMs);
  return {
    onOver: (listen) => {
      listener = listen;
      if (over !== null && listen !== null) end(over);
    },
    close: () => {
      clearTimeout(timer);
      signal?.removeEventListener?.('abort', cancel);
      listener = null;
    },
  };
}

/** Thrown inside an exchange; `explainFailure` turns it into what people read. */
export class AttemptOver extends Error {
  readonly reason: Over;
  constructor(reason: Over) {
    super(reason);
    this.reason = reason;
  }
}
