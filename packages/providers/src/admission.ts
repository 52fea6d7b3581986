import type { ResolvedCredential } from '@holdfast/egress';
import type { ErrorCode, Words } from '@holdfast/errors';
import type { EgressRequest, EgressResponse, JsonObject } from '@holdfast/node-kit';

/** The part of egress that makes one attempt. */
export interface WayOut {
  request: (
    call: EgressRequest & { resolvedCredential?: ResolvedCredential; signal?: AbortSignal; onWriting?: () => void },
  ) => Promise<EgressResponse>;
}

/** Which step asks, so that people see who waits, and for how long a call has been held back. Left out where no run does. */
export interface Caller {
  runId: string;
  stepId: string;
  /** It was put off before. */
  wasHeld: boolean;
  /** When its run began: who waits goes in this order. */
  turn: Date;
  /** Its step was tried before: it does not queue behind those who have done nothing yet. */
  isUnderWay: boolean;
  /** What goes in one call with others that wait: they take one place. */
  goesWith?: string;
}

export interface ProviderCall {
  workspaceId: string;
  request: EgressRequest;
  credential?: ResolvedCredential | undefined;
  caller?: Caller | undefined;
  /** A person tries a step by hand: it goes although the provider is left alone, and what becomes of it does not count in its breaker. */
  isTrial?: boolean;
  /** It was kept for later, and has waited since then. */
  kept?: { since: Date };
  signal?: AbortSignal | undefined;
  /** The one attempt of what is no HTTP (a database), under the same gate; says when its first byte may be on its way. Throws as egress does. */
  perform?: (onWriting: () => void) => Promise<EgressResponse>;
}

/** Whether a call may go now. Nothing was sent. */
export type Admission =
  | {
      state: 'go';
      /** The one attempt; as egress answers and throws. */
      send: (options?: { isIdempotent?: boolean }) => Promise<EgressResponse>;
      /** Instead of `send`, when the call does not come about. */
      giveUp: () => Promise<void>;
    }
  | { state: 'answered'; response: EgressResponse }
  | { state: 'later'; notBefore: Date; code: ErrorCode; reason: Words; facts: JsonObject };

/** Stands between the calls of steps and the way out of the house. */
export interface Gate {
  /**
   * Room for one call. Throws upstream.down when the provider has been down for longer than calls wait, or at once when the call has a fallback;
   * and upstream.limited when the queue is longer than anybody should stand in.
   */
  admit: (call: ProviderCall) => Promise<Admission>;
  /** Writes what was counted. */
  close?: () => Promise<void>;
}
