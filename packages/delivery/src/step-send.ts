import type { PoolClient } from '@holdfast/db';
import type { ErrorCode, Words } from '@holdfast/errors';
import type { OutgoingMessage, SendOutcome } from '@holdfast/node-kit';

/** A send of the bot: one step of one run. */
export interface StepSend {
  run: { id: string; workspaceId: string; conversationId: string | null };
  step: { id: string; node: string };
  /** Tells several sends of one step apart; the first is ''. */
  part: string;
  epoch: number;
  /** RUNS's GUARD: first in every transaction; throws run.superseded when another process took over. */
  guard: (client: PoolClient) => Promise<void>;
  message: OutgoingMessage;
  signal?: AbortSignal;
  /** Kept with the message: model, tokens and cost of an answer that a model wrote. */
  facts?: { model?: string; inputTokens?: number; outputTokens?: number; costMicroUsd?: number };
}

/** `later`: nothing was sent and no attempt is counted; come again then (pace, a day's limit, quiet hours, red switch, the provider's own delay). */
export type StepSendResult = SendOutcome | { state: 'later'; notBefore: Date; code: ErrorCode; reason: Words };

export interface Delivery {
  /**
   * Sends once, whatever happens around it. Same key and payload again: answers what became of it. Throws upstream.unreachable and upstream.broken
   * (certainly not sent: the step's retry policy may try again), resource.conflict (same key, other payload), and what `guard` throws.
   */
  sendForStep: (send: StepSend) => Promise<StepSendResult>;
  /** Sends what people wrote, in order per conversation, with Temporal and every model down. One per process is enough; several don't get in each other's way. */
  startDispatcher: () => { stop: () => Promise<void>; ring: () => void };
  /** Shows that somebody is typing until the answer is called; best effort, never in the ledger. */
  showTyping: (talk: { workspaceId: string; conversationId: string }) => () => void;
  /** A person says what became of a message whose fate is unknown. Throws resource.missing and resource.conflict. */
  settleSend: (settle: { workspaceId: string; messageId: string; settle: 'arrived' | 'send-again'; by: string }) => Promise<void>;
}
