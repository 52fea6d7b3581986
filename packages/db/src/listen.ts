import pg from 'pg';

export interface Subscription {
  close: () => Promise<void>;
}

interface Subscriber {
  channel: string;
  onPayload: (payload: string) => void;
  onGap: () => void;
}

interface ListenOptions extends Subscriber {
  databaseUrl: string;
}

/** A connection that says nothing for so long is asked whether it still lives; one that doesn't answer in time is replaced. */
const askEveryMs = 10_000;
const answerWithinMs = 5_000;

interface Ear {
  add: (subscriber: Subscriber) => void;
  /** Answers whether nobody is left. */
  remove: (subscriber: Subscriber) => boolean;
  close: () => Promise<void>;
}
const ears = new Map<string, Ear>();

/**
 * Hears NOTIFY on `channel`, on the one connection for it that this process has, however many listen. Reconnects for ever (0.5 to 5 s
 * apart), and then calls `onGap`: something may have been missed, so whoever listens should look for himself.
 */
export function listen({ databaseUrl, ...subscriber }: ListenOptions): Subscription {
  const ear = ears.get(databaseUrl) ?? openEar(databaseUrl);
  ears.set(databaseUrl, ear);
  ear.add(subscriber);
  return {
    close: async () => {
      if (!ear.remove(subscriber) || ears.get(databaseUrl) !== ear) return;
      ears.delete(databaseUrl);
      await ear.close();
    },
  };
}

function openEar(databaseUrl: string): Ear {
  const subscribers = new Set<Subscriber>();
  let client: pg.Client | null = null;
  let connecting: pg.Client | null = null;
  let retry: NodeJS.Timeout | null = null;
  let isClosed = false;
  let attempts = 0;
  // One after another, as node-postgres wants it.
  let last: Promise<unknown> = Promise.resolve();
  const say = (to: pg.Client, statement: string): Promise<unknown> => (last = last.then(() => to.query(statement)).catch(() => lose(to)));

  const later = () => {
    if (isClosed || retry) return;
    retry = setTimeout(
      () => {
        retry = null;
        void connect();
      },
      Math.min(5_000, 500 * ++attempts),
    );
  };
  const lose = (lost: pg.Client) => {
    if (client !== lost) return;
    client = null;
    void lost.end().catch(() => undefined);
    later();
  };
  const connect = async () => {
    const next = clientFor(databaseUrl);
    next.on('error', () => lose(next));
    next.on('end', () => lose(next));
    next.on('notification', ({ channel, payload }) => {
      for (const each of subscribers) if (each.channel === channel) each.onPayload(payload ?? '');
    });
    connecting = next;
    try {
      await next.connect();
    } catch {
      connecting = null;
      void next.end().catch(() => undefined);
      return later();
    }
    connecting = null;
    if (isClosed) return void next.end().catch(() => undefined);
    client = next;
    for (const channel of new Set([...subscribers].map((each) => each.channel))) await say(next, `listen ${channel}`);
    if (client !== next) return;
    if (attempts > 0) for (const each of subscribers) each.onGap();
    attempts = 0;
  };
  const asking = setInterval(() => {
    if (client) void say(client, 'select 1');
  }, askEveryMs);
  asking.unref();
  void connect();
  return {
    add: (subscriber) => {
      subscribers.add(subscriber);
      if (client) void say(client, `listen ${subscriber.channel}`);
    },
    remove: (subscriber) => subscribers.delete(subscriber) && subscribers.size === 0,
    close: async () => {
      isClosed = true;
      clearInterval(asking);
      if (retry) clearTimeout(retry);
      const open = client ?? connecting;
      client = null;
      await open?.end().catch(() => undefined);
    },
  };
}

const clientFor = (connectionString: string): pg.Client =>
  new pg.Client({
    connectionString,
    application_name: 'holdfast-listen',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: answerWithinMs,
  });
