import type { Adapters } from '@holdfast/channels';

export interface Stamp {
  address: string;
  at: number;
}

/** Notes when each message was let go, by the clock of the process that sends: a receiver, or a network, that stands still changes nothing of it. */
export function stampingAdapters(inner: Adapters): { adapters: Adapters; stamps: Stamp[] } {
  const stamps: Stamp[] = [];
  const adapters: Adapters = (kind) => {
    const adapter = inner(kind);
    if (!adapter) return null;
    const send: typeof adapter.send = (call) => {
      stamps.push({ address: call.address, at: Date.now() });
      return adapter.send(call);
    };
    return { ...adapter, send };
  };
  return { adapters, stamps };
}

/** The most within any second. */
export function densestSecond(stamps: readonly Stamp[]): number {
  const times = stamps.map(({ at }) => at);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}
