import type { Pool, PoolClient } from '@holdfast/db';

/** Bells between processes: what a commit made due. Sent after the commit, never inside it. */
export const bellChannel = 'holdfast_bell';

export interface BellNotice {
  bell: 'run' | 'queued' | 'doorbell' | 'conversation' | 'human-send' | 'ended';
  id: string;
  inMs?: number;
}

/** Rings by NOTIFY, for processes that have no ringer. A lost one costs seconds. */
export function notifyBell(pool: Pool, notice: BellNotice): void {
  pool.query('select pg_notify($1, $2)', [bellChannel, JSON.stringify(notice)]).catch(() => undefined);
}

/** Hears bells on a connection of its own, reconnecting for ever. `onGap` says that some may have been missed. */
export function listenBells(pool: Pool, onNotice: (notice: BellNotice) => void, onGap: () => void): { close: () => Promise<void> } {
  let client: PoolClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  const again = (delayMs: number) => {
    if (isClosed || timer) return;
    timer = setTimeout(() => {
      timer = null;
      void connect();
    }, delayMs);
  };
  const connect = async () => {
    try {
      const fresh = await pool.connect();
      if (isClosed) return fresh.release();
      client = fresh;
      const lose = () => {
        if (client !== fresh) return;
        client = null;
        fresh.release(true);
        again(500);
      };
      fresh.on('error', lose);
      fresh.on('end', lose);
      fresh.on('notification', (message) => {
        const notice = parseNotice(message.payload);
        if (notice) onNotice(notice);
      });
      await fresh.query(`listen ${bellChannel}`);
      onGap();
    } catch {
      client?.release(true);
      client = null;
      again(1_000);
    }
  };
  void connect();
  return {
    close: async () => {
      isClosed = true;
      if (timer) clearTimeout(timer);
      const last = client;
      client = null;
      last?.release(true);
    },
  };
}

function parseNotice(payload: string | undefined): BellNotice | null {
  try {
    return JSON.parse(payload ?? '') as BellNotice; // the only sender is notifyBell
  } catch {
    return null;
  }
}

/** For a process without a ringer: the worker by itself. */
export const remoteBell = (pool: Pool) => ({
  run: (id: string) => notifyBell(pool, { bell: 'run', id }),
  queued: () => notifyBell(pool, { bell: 'queued', id: '' }),
  doorbell: (id: string) => notifyBell(pool, { bell: 'doorbell', id }),
  conversation: (id: string, inMs: number) => notifyBell(pool, { bell: 'conversation', id, inMs }),
  humanSend: () => notifyBell(pool, { bell: 'human-send', id: '' }),
  ended: (id: string) => notifyBell(pool, { bell: 'ended', id }),
});
