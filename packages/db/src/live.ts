import { listen, type Subscription } from './listen.ts';
import type { Queryable } from './pool.ts';

/** What changed, by id only: the reader asks for what it shows. The contract's `liveEvent` is the same shape, checked by the server. */
export type LiveEvent =
  | { kind: 'run'; run: string; flow: string; status: string }
  | { kind: 'step'; run: string }
  | { kind: 'message'; conversation: string }
  | { kind: 'handoff'; handoff: string; status: string }
  | { kind: 'flow'; flow: string; revision: number }
  | { kind: 'channel'; channel: string }
  | { kind: 'repair'; repair: string }
  | { kind: 'settings' };

export interface LiveNotice {
  workspace: string;
  event: LiveEvent;
}

const channelName = 'holdfast_live';
/** Events of this long go out together: a run of ten steps is one statement. */
const coalesceMs = 25;
/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const maxPayloadBytes = 7_000;

interface Outbox {
  waiting: Map<string, LiveNotice>;
  timer: NodeJS.Timeout | null;
}
const outboxes = new WeakMap<object, Outbox>();

/**
 * Tells every server process that something changed. Call it after the commit, with the pool: inside a transaction NOTIFY
 * takes a lock that all commits share. Nothing is awaited and nothing can fail: a lost notice costs a stale page until the next one.
 */
export function notifyLive(pool: Queryable, workspace: string, event: LiveEvent): void {
  const outbox = outboxes.get(pool) ?? { waiting: new Map<string, LiveNotice>(), timer: null };
  outboxes.set(pool, outbox);
  outbox.waiting.set(JSON.stringify([workspace, event]), { workspace, event });
  if (outbox.timer) return;
  outbox.timer = setTimeout(() => {
    outbox.timer = null;
    const notices = [...outbox.waiting.values()];
    outbox.waiting.clear();
    for (const payload of packNotices(notices)) pool.query('select pg_notify($1, $2)', [channelName, payload]).catch(() => undefined);
  }, coalesceMs);
  outbox.timer.unref();
}

/** Notices as few JSON arrays that each fit a notification. */
export function packNotices(notices: LiveNotice[]): string[] {
  const payloads: string[] = [];
  let packed: string[] = [];
  let size = 2;
  for (const notice of notices) {
    const text = JSON.stringify(notice);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > maxPayloadBytes && packed.length > 0) {
      payloads.push(`[${packed.join(',')}]`);
      packed = [];
      size = 2;
    }
    packed.push(text);
    size += bytes;
  }
  if (packed.length > 0) payloads.push(`[${packed.join(',')}]`);
  return payloads;
}

interface ListenLiveOptions {
  databaseUrl: string;
  onNotice: (notice: LiveNotice) => void;
  /** After a reconnection: notices may have been missed, so readers should ask again. */
  onGap: () => void;
}

/** Hears what `notifyLive` tells, of all processes. */
export const listenLive = ({ databaseUrl, onNotice, onGap }: ListenLiveOptions): Subscription =>
  listen({ databaseUrl, channel: channelName, onPayload: (payload) => deliverPayload(payload, onNotice), onGap });

function deliverPayload(payload: string, onNotice: (notice: LiveNotice) => void): void {
  try {
    const notices = JSON.parse(payload) as LiveNotice[]; // only packNotices writes to this channel
    for (const notice of notices) onNotice(notice);
  } catch {
    // Anybody with the database's password can NOTIFY; what is not ours is dropped.
  }
}
