import type { Pool, Together } from '@holdfast/db';
import type { Delivery, StepSend, StepSendResult } from '@holdfast/delivery';
import type {
  Catalog,
  DatabaseAnswer,
  DatabaseRequest,
  EgressRequest,
  EgressResponse,
  JsonValue,
  LinkRequest,
  LlmAnswer,
  LlmRequest,
  Runner,
} from '@holdfast/node-kit';
import type { Gate } from '@holdfast/providers';
import type { ExpressRoom } from './express-lane.ts';
import type { ForcedLane } from './lane-for.ts';
import type { FileLimits } from './run-files.ts';
import type { Tally } from './tally.ts';

/** What is said about a run's way; pino fits. */
export interface Log {
  info: (facts: object, text: string) => void;
  warn: (facts: object, text: string) => void;
  error: (facts: object, text: string) => void;
}

/** What a run came to. */
export interface RunEnd {
  outcome: string;
  result: JsonValue;
}

/** Tells the ringer what a commit made due. A lost ring costs seconds: the sweeps find it. */
export interface Bell {
  /** A run is to be started in Temporal. Fresh: its row, just committed, is not due for anybody else yet. */
  run: (runId: string, isFresh?: boolean) => void;
  /** A run waits for room in an express lane. */
  queued: () => void;
  /** A running workflow should look again. */
  doorbell: (runId: string) => void;
  /** A conversation can be claimed in `inMs`. */
  conversation: (conversationId: string, inMs: number) => void;
  /** Staff's sends are waiting. */
  humanSend: () => void;
  /** A run ended, whoever waits for its result; with what it came to, so that within one process nobody needs to ask. */
  ended: (runId: string, end?: RunEnd) => void;
}

/** Where a test may stop a process: before or after a commit, or around bytes. */
export type CrashPoint =
  | 'ingest-committed'
  | 'run-begun'
  | 'express-claimed'
  | 'handing-over'
  | 'handed-over'
  | 'start-asked'
  | 'claimed'
  | 'adopted'
  | 'step-started'
  | 'call-dispatched'
  | 'call-answered'
  | 'call-settled'
  | 'effect-ended'
  | 'wait-opening'
  | 'wait-opened'
  | 'ending'
  | 'ended'
  | 'override-applied';

export interface RunsDeps {
  pool: Pool;
  catalog: Catalog;
  bell: Bell;
  log: Log;
  /** Where this process executes runs itself; without one they are queued for another that does. */
  express?: ExpressRoom | null;
  /** `HOLDFAST_LANES`. */
  forcedLane?: ForcedLane;
  /** Counts hand-overs by cause. */
  handOvers?: Tally;
  /** Tests stop here by throwing. */
  crashPoint?: (point: CrashPoint) => void | Promise<void>;
}

/** A credential opened for one call, as the egress takes it. */
export interface ResolvedCredential {
  kind: string;
  name?: string;
  baseUrl?: string | null;
  apiUrl?: string | null;
  provider?: string;
  /** What is shown of it: a database's host and user. */
  settings?: Readonly<Record<string, string>>;
  allowedHosts: readonly string[];
  secret: Readonly<Record<string, string>>;
  renew?: () => Promise<ResolvedCredential | null>;
}

/** What executing a run needs beyond reading and writing it. */
export interface ExecutionDeps extends RunsDeps {
  runners: Readonly<Record<string, Runner>>;
  egress: {
    request: (call: EgressRequest & { resolvedCredential?: ResolvedCredential; signal?: AbortSignal }) => Promise<EgressResponse>;
    presign?: (link: LinkRequest & { resolvedCredential: ResolvedCredential }) => Promise<string>;
  };
  /** Limits, breaker, pause and cache of whom is called; without it every call goes at once. */
  providers?: Gate;
  /** Without them no step reaches one. */
  databases?: {
    query: (call: {
      workspaceId: string;
      credential: ResolvedCredential;
      request: DatabaseRequest;
      signal?: AbortSignal;
    }) => Promise<DatabaseAnswer>;
    close?: () => Promise<void>;
  };
  delivery: { sendForStep: (send: StepSend) => Promise<StepSendResult>; showTyping?: Delivery['showTyping'] };
  llm: {
    complete: (
      request: LlmRequest,
      call: { workspaceId: string; runId?: string; stepId?: string; signal?: AbortSignal },
    ) => Promise<LlmAnswer>;
  };
  /** Throws credential.missing. */
  openCredential: (workspaceId: string, id: string) => Promise<ResolvedCredential>;
  /** Whose a credential is and where it leads, without its secret: of one that can't be opened now, too. Throws credential.missing. */
  lookAtCredential?: (workspaceId: string, id: string) => Promise<ResolvedCredential>;
  /** Single writers; without it every step writes for itself. */
  together?: Together;
  /** What a run may keep; the defaults when left out. */
  fileLimits?: FileLimits;
  store: {
    findCommonAnswer: (
      workspaceId: string,
      question: string,
      language?: string,
    ) => Promise<{ id: string; answer: string; score: number } | null>;
  };
  /** False once this process may have been replaced: nothing more may be written or sent. */
  isAlive?: () => boolean;
}
