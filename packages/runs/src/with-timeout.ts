import { HoldfastError, say } from '@holdfast/errors';

/** Why a signal ended that nobody waits for any more: said once, since every error made here is costly. */
const isOver = new Error('The attempt is over.');

/** Runs `work` with a signal that ends with the time or with `outer`; a runner that ignores it is left behind, and its context refuses it. */
export async function withTimeout<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  const own = new AbortController();
  let cut: (reason: Error) => void = () => undefined;
  const isCut = new Promise<never>((_, reject) => {
    cut = (reason) => {
      own.abort(reason);
      reject(reason);
    };
  });
  const cancel = () => cut(new Error('The attempt was cancelled.'));
  outer?.addEventListener('abort', cancel);
  if (outer?.aborted) cancel();
  // Half a second more than the node's own limit, so that the call's own, more telling error comes first.
  const timer = setTimeout(
    () => cut(new HoldfastError('step.timeout', { detail: say`The step did not finish within ${timeoutMs / 1_000} s.` })),
    timeoutMs + 500,
  );
  try {
    return await Promise.race([work(own.signal), isCut]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', cancel);
    own.abort(isOver);
  }
}
