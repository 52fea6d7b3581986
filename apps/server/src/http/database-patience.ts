import { HoldfastError } from '@holdfast/errors';

/** Together so many looks at one call of a provider may find PostgreSQL silent: it hears "later" within 2 s, well before it gives up by itself. */
const patience = 18;
const lookEveryMs = 100;

/**
 * Waits for what is asked of PostgreSQL, for all of one call together. Throws database.unavailable when it takes longer, dead or frozen: 5xx, so
 * that the provider sends it again; what was committed all the same is recognised then by its event id. Counted in looks, not by the clock: when
 * this process stood still, the answer is mostly there and only unread.
 */
export function databasePatience(): <T>(work: Promise<T>) => Promise<T> {
  let left = patience;
  return async (work) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setInterval(() => (left-- <= 0 ? reject(unanswered()) : undefined), lookEveryMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearInterval(timer);
    }
  };
}

const unanswered = (): HoldfastError =>
  new HoldfastError('database.unavailable', {
    detail: 'The database did not answer in time, so this was not taken in.',
    hint: 'Send it again in a moment.',
    retryAfterMs: 2_000,
  });
