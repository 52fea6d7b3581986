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
  const line = keepConnected(databaseUrl, {
    greeting: () => [...new Set([...subscribers].map((each) => `listen ${each.channel}`))],
    onBack: () => {
      for (const each of subscribers) each.onGap();
    },
    onNotification: ({ channel, payload }) => {
      for (const each of subscribers) if (each.channel === channel) each.onPayload(payload ?? '');
    },
  });
  return {
    add: (subscriber) => {
      subscribers.add(subscriber);
      line.say(`listen ${subscriber.channel}`);
    },
    remove: (subscriber) => subscribers.delete(subscriber) && subscribers.size === 0,
    close: line.close,
  };
}

interface Line {
  /** Said if the connection is up; if not, the greeting says it when it is. */
  say: (statement: string) => void;
  close: () => Promise<void>;
}

interface Talk {
  /** Said on every new connection. */
  greeting: () => string[];
  /** The connection was lost, and there is another one. */
  onBack: () => void;
  onNotification: (message: pg.Notification) => void;
}

function keepConnected(databaseUrl: string, talk: Talk): Line {
  let client: pg.Client | null = null;
  let connecting: pg.Client | null = null;
  let isClosed = false;
  let attempts = 0;
  // One after another, as node-postgres wants it.
  let last: Promise<unknown> = Promise.resolve();
  const say = (to: pg.Client, statement: string): Promise<unknown> => (last = last.then(() => to.query(statement)).catch(() => lose(to)));
  const retry = createRetry(() => void connect());
  const lose = (lost: pg.Client) => {
    if (client !== lost) return;
    client = null;
    void lost.end().catch(() => undefined);
    retry.later(++attempts);
  };
  const connect = async () => {
    const next = clientFor(databaseUrl);
    next.on('error', () => lose(next));
    next.on('end', () => lose(next));
    next.on('notification', talk.onNotification);
    connecting = next;
    const isUp = await next.connect().then(
      () => true,
      () => false,
    );
    connecting = null;
    if (!isUp || isClosed) {
      void next.end().catch(() => undefined);
      return retry.later(++attempts);
    }
    client = next;
    for (const statement of talk.greeting()) await say(next, statement);
    if (client !== next) return;
    if (attempts > 0) talk.onBack();
    attempts = 0;
  };
  const asking = setInterval(() => client && void say(client, 'select 1'), askEveryMs);
  asking.unref();
  void connect();
  return {
    say: (statement) => client && void say(client, statement),
    close: async () => {
      isClosed = true;
      clearInterval(asking);
      retry.stop();
      const open = client ?? connecting;
      client = null;
      await open?.end().catch(() => undefined);
    },
  };
}

/** One attempt is pending at a time, 0.5 to 5 s from now by their number. */
function createRetry(attempt: () => void): { later: (attempts: number) => void; stop: () => void } {
  let timer: NodeJS.Timeout | null = null;
  let isStopped = false;
  return {
    later: (attempts) => {
      if (isStopped || timer) return;
      timer = setTimeout(
        () => {
          timer = null;
          attempt();
        },
        Math.min(5_000, 500 * attempts),
      );
    },
    stop: () => {
      isStopped = true;
      if (timer) clearTimeout(timer);
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
