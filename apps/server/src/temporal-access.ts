import { Client, Connection, type ConnectionLike } from '@temporalio/client';

export interface TemporalAccess {
  /** Null while Temporal can't be reached. */
  client: () => Client | null;
  isUp: () => Promise<boolean>;
  close: () => Promise<void>;
}

interface TemporalSettings {
  address: string;
  namespace: string;
  apiKey: string | undefined;
  tls: boolean;
}

const lookEveryMs = 1_000;
const answerWithinMs = 2_000;

/** A connection of our own. Made whether or not Temporal is up: it dials by itself, again and again. */
export function connectTemporal({ address, namespace, apiKey, tls }: TemporalSettings): TemporalAccess {
  const connection = Connection.lazy({ address, tls, ...(apiKey === undefined ? {} : { apiKey }) });
  const access = watchTemporal(connection, namespace);
  return {
    ...access,
    close: async () => {
      await access.close();
      await connection.close();
    },
  };
}

/** Knows whether Temporal answers, so that nobody waits for a call that can't succeed. The connection stays its owner's. */
export function watchTemporal(connection: ConnectionLike, namespace: string): TemporalAccess {
  const client = new Client({ connection, namespace });
  let isReachable = false;
  let looking: Promise<boolean> | null = null;
  const ask = async (): Promise<boolean> => {
    try {
      await connection.withDeadline(Date.now() + answerWithinMs, () => connection.workflowService.describeNamespace({ namespace }));
      isReachable = true;
    } catch {
      isReachable = false;
    }
    return isReachable;
  };
  const look = (): Promise<boolean> => {
    looking ??= ask().finally(() => {
      looking = null;
    });
    return looking;
  };
  void look();
  const timer = setInterval(() => void look(), lookEveryMs);
  return {
    client: () => (isReachable ? client : null),
    isUp: look,
    close: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
