import { HoldfastError } from '@holdfast/errors';

/** Together so long may one call of a provider wait for PostgreSQL: it hears "later" within 2 s, well before it gives up by itself. */
const patienceMs = 1_800;

/**
 * Waits for what is asked of PostgreSQL, for all of one call together. Throws database.unavailable when it takes longer, dead or frozen: 5xx, so
 * that the provider sends it again; what was committed all the same is recognised then by its event id.
 */
export function databasePatience(): <T>(work: Promise<T>) => Promise<T> {
  let leftMs = patienceMs;
  return async (work) => {
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unanswered()), Math.max(0, leftMs));
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - startedAt;
    }
  };
}

const unanswered = (): HoldfastError =>
  new HoldfastError('database.unavailable', {
    detail: 'The database did not answer in time, so this was not taken in.',
    hint: 'Send it again in a moment.',
    retryAfterMs: 2_000,
  });
