import type { LiveTrigger, PoolClient } from '@holdfast/db';
import type { RunsDeps } from './deps.ts';
import type { EchoTaken } from './ingest-echo.ts';

export interface IngestChannel {
  id: string;
  workspaceId: string;
  kind: string;
}

export interface IngestOptions {
  /** Written in the same transaction as the events: a poller's offset. */
  alongside?: (client: PoolClient) => Promise<void>;
  /** The simulator's choice of a flow; else routing decides. */
  flow?: string;
}

export interface Ingested {
  eventId: string;
  /** `duplicate`: delivered before. `parked`: it can't be taken in; kept with its problem. */
  state: 'taken' | 'duplicate' | 'parked';
  conversationId: string | null;
  messageId: string | null;
}

/** What was taken in of one event, with what is told of it after the commit. */
export type Taken = Ingested & { readyAt: Date | null; echo?: EchoTaken; /** By an edit of what it had read. */ endedRun?: string };

/** Events that are taken in together. */
export interface Batch {
  deps: RunsDeps;
  client: PoolClient;
  channel: IngestChannel;
  triggers: LiveTrigger[];
  options: IngestOptions;
}
