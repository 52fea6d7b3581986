import { listen, type Pool, type Subscription } from '@holdfast/db';
import type { Bell } from './deps.ts';

/**
 * Bells between processes. Each is a NOTIFY after the commit, never inside it, without a payload: what is due stands in the tables, so a bell that
 * is lost costs a second and one that rings twice costs a query.
 */
const channels = {
  /** Runs are due to be started in Temporal. */
  run: 'holdfast_run',
  /** Runs are queued for an express lane. */
  queued: 'holdfast_queued',
  /** A workflow should look again. */
  doorbell: 'holdfast_doorbell',
  /** A conversation is ready, or will be soon. */
  conversation: 'holdfast_conversation',
  /** Staff's messages are to be sent. */
  humanSend: 'holdfast_human_send',
  /** A run ended that somebody may wait for. */
  ended: 'holdfast_ended',
} as const;

export type BellKind = keyof typeof channels;
const kinds = Object.keys(channels).filter((key): key is BellKind => key in channels);

interface Outbox {
  waiting: Set<string>;
  isTelling: boolean;
}
const outboxes = new WeakMap<Pool, Outbox>();

/** Rings in the other processes. The first ring goes out at once; all that are asked for until it has arrived are one more. */
export function ringOthers(pool: Pool, kind: BellKind): void {
  const outbox = outboxes.get(pool) ?? { waiting: new Set<string>(), isTelling: false };
  outboxes.set(pool, outbox);
  outbox.waiting.add(channels[kind]);
  if (!outbox.isTelling) void tell(pool, outbox);
}

async function tell(pool: Pool, outbox: Outbox): Promise<void> {
  outbox.isTelling = true;
  while (outbox.waiting.size > 0) {
    const told = [...outbox.waiting];
    outbox.waiting.clear();
    await pool
      .query({ name: 'ring-others', text: `select pg_notify(channel, '') from unnest($1::text[]) channel`, values: [told] })
      .catch(() => undefined);
  }
  outbox.isTelling = false;
}

/** For a process without a ringer: the worker by itself. */
export const remoteBell = (pool: Pool): Bell => ({
  run: () => ringOthers(pool, 'run'),
  queued: () => ringOthers(pool, 'queued'),
  doorbell: () => ringOthers(pool, 'doorbell'),
  conversation: () => ringOthers(pool, 'conversation'),
  humanSend: () => ringOthers(pool, 'humanSend'),
  ended: () => ringOthers(pool, 'ended'),
});

/**
 * Hears the bells given, on this process's one LISTEN connection. What a bell asks for is done once at a time: rung meanwhile, it is done once
 * more. After a gap everything is done, since any of them may have been missed.
 */
export function hearBells(pool: Pool, looks: Partial<Record<BellKind, () => unknown>>): Subscription {
  const { connectionString } = pool.options;
  if (!connectionString) throw new Error('Bells are heard by address; this pool has none.');
  const subscriptions = kinds.flatMap((kind) => {
    const look = looks[kind];
    if (!look) return [];
    const ring = coalesced(look);
    return [listen({ databaseUrl: connectionString, channel: channels[kind], onPayload: ring, onGap: ring })];
  });
  return { close: async () => void (await Promise.all(subscriptions.map((each) => each.close()))) };
}

/** Does `work` at most once at a time, and once more if it was asked for meanwhile. */
function coalesced(work: () => unknown): () => void {
  let isWorking = false;
  let isRung = false;
  const go = async (): Promise<void> => {
    isWorking = true;
    while (isRung) {
      isRung = false;
      await Promise.resolve(work()).catch(() => undefined);
    }
    isWorking = false;
  };
  return () => {
    isRung = true;
    if (!isWorking) void go();
  };
}
