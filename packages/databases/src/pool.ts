import { HoldfastError } from '@holdfast/errors';
import { RefusedError } from './refused-error.ts';
import type { Session } from './session.ts';

export interface Pool {
  /** Lends a connection for one statement. Throws upstream.limited when none gets free in this time. */
  use: <T>(signal: AbortSignal, work: (session: Session) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}

interface PoolOptions {
  open: () => Promise<Session>;
  most: number;
  /** A connection that nobody wanted for so long is closed. */
  idleMs: number;
  /** The last one was closed. */
  onEmpty: () => void;
}

interface Waiting {
  take: (session: Session | null) => void;
}

/** A few connections to one database, as one credential opens them. A connection whose statement failed is not used again, but one whose values were refused is. */
export function createPool({ open, most, idleMs, onEmpty }: PoolOptions): Pool {
  const idle: { session: Session; timer: NodeJS.Timeout }[] = [];
  const waiting: Waiting[] = [];
  const tidying = new Set<Promise<void>>();
  let count = 0;
  let isClosed = false;
  const drop = async (session: Session): Promise<void> => {
    count -= 1;
    waiting.shift()?.take(null);
    if (count === 0 && waiting.length === 0) onEmpty();
    await session.close();
  };
  const keep = (session: Session): void => {
    const next = waiting.shift();
    if (next) return next.take(session);
    const entry = {
      session,
      timer: setTimeout(() => {
        idle.splice(idle.indexOf(entry), 1);
        void drop(session);
      }, idleMs).unref(),
    };
    idle.push(entry);
  };
  const giveBack = (session: Session, isGood: boolean): void => {
    const ended: Promise<void> = (async () => {
      const isTidy = isGood && !isClosed && (await session.tidy().catch(() => false));
      if (isTidy && !isClosed) keep(session);
      else await drop(session);
    })().finally(() => tidying.delete(ended));
    tidying.add(ended);
  };
  const opened = async (): Promise<Session> => {
    count += 1;
    try {
      return await open();
    } catch (error) {
      count -= 1;
      waiting.shift()?.take(null);
      if (count === 0 && waiting.length === 0) onEmpty();
      throw error;
    }
  };
  const lend = async (signal: AbortSignal): Promise<Session> => {
    for (;;) {
      const entry = idle.pop();
      if (entry) {
        clearTimeout(entry.timer);
        return entry.session;
      }
      if (count < most) return opened();
      const session = await turn(waiting, signal);
      if (session) return session;
    }
  };
  return {
    use: async (signal, work) => {
      const session = await lend(signal);
      let isGood = false;
      try {
        const result = await work(session);
        isGood = true;
        return result;
      } catch (error) {
        isGood = error instanceof RefusedError;
        throw error;
      } finally {
        giveBack(session, isGood);
      }
    },
    close: async () => {
      isClosed = true;
      for (const { session, timer } of idle.splice(0)) {
        clearTimeout(timer);
        await drop(session);
      }
      await Promise.all(tidying);
    },
  };
}

/** A connection that another one gives back; null when there is room for a new one. */
function turn(waiting: Waiting[], signal: AbortSignal): Promise<Session | null> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(entry), 1);
      reject(
        new HoldfastError('upstream.limited', {
          detail: 'All of our connections to this database were busy for as long as this step could wait. Nothing was asked.',
        }),
      );
    };
    const entry: Waiting = {
      take: (session) => {
        signal.removeEventListener('abort', leave);
        resolve(session);
      },
    };
    waiting.push(entry);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}
