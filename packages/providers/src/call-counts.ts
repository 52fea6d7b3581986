import { addCallCounts, countCalls, type Pool } from '@holdfast/db';
import type { JsonObject } from '@holdfast/node-kit';
import type { Provider } from './provider-of.ts';

interface Counted {
  provider: Provider;
  ok: number;
  limited: number;
  totalMs: number;
}

export interface CallCounter {
  /** An answer that says that the provider lives. Written within some seconds, many at once. */
  answered: (provider: Provider, durationMs: number) => void;
  /** It asked us to slow down. Written at once. */
  limited: (provider: Provider, error: JsonObject) => Promise<void>;
  /** Written at once, with what had been counted: what became of all calls within the last minute. */
  failed: (provider: Provider, error: JsonObject) => Promise<{ ok: number; failed: number }>;
  flush: () => Promise<void>;
}

/** Good news may be late: it is written for all calls of so long together. */
const writeMs = 2_000;

export function createCallCounter({ pool }: { pool: Pool }): CallCounter {
  const counted = new Map<string, Counted>();
  let timer: NodeJS.Timeout | null = null;

  const add = (provider: Provider, more: { ok: number; limited: number; totalMs: number }): void => {
    const name = `${provider.workspaceId}\n${provider.key}`;
    const had = counted.get(name) ?? { provider, ok: 0, limited: 0, totalMs: 0 };
    counted.set(name, { provider, ok: had.ok + more.ok, limited: had.limited + more.limited, totalMs: had.totalMs + more.totalMs });
  };
  const take = (provider: Provider): { ok: number; limited: number; totalMs: number } => {
    const name = `${provider.workspaceId}\n${provider.key}`;
    const had = counted.get(name) ?? { ok: 0, limited: 0, totalMs: 0 };
    counted.delete(name);
    return had;
  };
  const write = async (provider: Provider, now: { failed: number; limited: number; error: JsonObject | null }) => {
    const had = take(provider);
    try {
      await addCallCounts(pool, { ...provider, ...had, ...now, limited: had.limited + now.limited });
    } catch (error) {
      add(provider, had);
      throw error;
    }
  };
  const flush = async (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const all = [...counted.values()];
    for (const { provider } of all) await write(provider, { failed: 0, limited: 0, error: null });
  };
  return {
    answered: (provider, durationMs) => {
      add(provider, { ok: 1, limited: 0, totalMs: durationMs });
      // What a database that is away can't take is counted with the next one.
      timer ??= setTimeout(() => void flush().catch(() => undefined), writeMs).unref();
    },
    limited: (provider, error) => write(provider, { failed: 0, limited: 1, error }),
    failed: async (provider, error) => {
      await write(provider, { failed: 1, limited: 0, error });
      return countCalls(pool, provider);
    },
    flush,
  };
}
