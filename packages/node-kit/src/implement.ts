import type { z } from 'zod';
import type { DatabaseAnswer, DatabaseRequest } from './database.ts';
import type { EffectDefinition, Outcome } from './define.ts';
import type { RunFiles } from './files.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { OutgoingMessage } from './messages.ts';
import type { Scope } from './scope.ts';

export interface EgressRequest {
  method: string;
  url: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: string | Uint8Array;
  /** `bytes`: a good answer comes as it is, at most 25 MB, in `bytes`. */
  expect?: 'parsed' | 'bytes';
  /** Resolved last, bound to its own hosts; the node never sees the secret. */
  credential?: string;
  /** False (the default for POST and PATCH): journalled before its first byte, never repeated blindly. */
  isIdempotent?: boolean;
  timeoutMs?: number;
  /** Distinguishes several calls of one step; part of the effect's key. */
  part?: string;
  /** Whose limits, breaker, pause and queue count: `<kind>:<account>`. The credential's, or `http:<host>`, when left out. */
  provider?: string;
  /**
   * It speaks SOAP: a 500 whose body is a fault is an answer of the service, and no failure. `securityMark`, once in the body, gives way to who we are
   * (WS-Security) for credentials of the kind `soap-username`, and to nothing for others.
   */
  soap?: { securityMark: string };
  /** Of a provider that counts points instead of calls: what such a call costs, until its first answer tells. */
  cost?: number;
  /** Only for calls that may be repeated. */
  cache?: CacheUse;
  /** Work that has begun goes on with it: it goes before other calls, and waits longer for its slot before the step is put off. */
  goesOn?: boolean;
  /** There is another way if the provider is known to be down: then the call fails with upstream.down at once, instead of waiting for it. */
  hasFallback?: boolean;
}

/** An address that anybody may use for a while, of an object in S3. */
export interface LinkRequest {
  /** As in a call: a path below the credential's own address. */
  url: string;
  query?: Record<string, string>;
  /** At most seven days. */
  expiresInSeconds: number;
}

/** An answer may come from an earlier call of the same method, address, query, body and credential. */
export interface CacheUse {
  /** In place of address, query and body. */
  key?: string;
  /** How old an answer may be, in milliseconds. */
  forMs: number;
  /** How old one may be where there is no other; kept for so long. */
  staleForMs?: number;
  /** `stale`: only what is kept is asked for, nothing is sent; throws upstream.down when there is nothing. */
  use?: 'fresh' | 'stale';
}

/** A call whose answer the flow does not need: stored with the end of its step, and delivered when its provider takes it. */
export interface CallToKeep {
  request: EgressRequest;
  /** Calls to one provider with the same key never pass each other; those with none may pass one that a person must look at. */
  orderKey?: string;
  /** Only where an earlier call with the same key is kept: whoever came first goes first. */
  onlyBehind?: boolean;
}

export interface EgressResponse {
  status: number;
  headers: Record<string, string>;
  /** Parsed when the answer says JSON, else text. At most 2 MB. */
  body: JsonValue;
  /** Of a good answer that was wanted as bytes; its `body` is null then. */
  bytes?: Uint8Array;
  durationMs: number;
  /** It is the answer of an earlier call. */
  cached?: { ageMs: number; isStale: boolean };
}

export type SendOutcome =
  | { state: 'accepted'; messageId: string }
  /** The provider or our own rules said no; `code` is from the error table. */
  | { state: 'refused'; messageId: string; code: string; reason: string }
  /** Its fate is not known; it is flagged for a person and never repeated silently. */
  | { state: 'unknown'; messageId: string };

/** Whom to write to first, and what. */
export interface TalkStart {
  /** A channel's id. */
  channel: string;
  /** As people write it; refused with send.address when it is none of this channel. */
  address: string;
  /** For a contact who has none yet. */
  name: string;
  message: OutgoingMessage;
  /** While a person or another run talks there; then it is refused. A duration: `1h`. */
  waitsAtMost: string;
}

export type StartOutcome = SendOutcome & { conversation: string | null; contact: string | null };

export interface LlmRequest {
  provider: 'groq' | 'claude' | 'openai-compatible';
  model: string;
  credential?: string;
  system: string;
  messages: { role: 'user' | 'assistant'; content: string }[];
  /** Asks for an answer of this JSON schema. */
  schema?: JsonObject;
  maxTokens: number;
  timeoutMs: number;
  /** Which rung of the ladder; recorded. */
  rung: number;
}

export interface LlmAnswer {
  text: string;
  /** Present when a schema was asked for. */
  data?: JsonValue;
  provider: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  latencyMs: number;
}

/** The part of AbortSignal that a runner needs; named here because this package is loaded without the DOM. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** All that a runner can reach. Nothing else: no imports of clients, no environment. */
export interface EffectContext {
  signal: Cancellation;
  idempotencyKey: string;
  /** 1 for the first attempt. */
  attempt: number;
  isLastAttempt: boolean;
  scope: Scope;
  step: { id: string; node: string; nodeName: string };
  /** Whether anything is drawn behind a port; taken for yes where nobody says. */
  leads?: (port: string) => boolean;
  now: () => Date;
  egress: { request: (request: EgressRequest) => Promise<EgressResponse> };
  deliver: {
    send: (message: OutgoingMessage, part?: string) => Promise<SendOutcome>;
    /** Writes first, to an address: contact and conversation are found or made, and the run has the conversation from then on if it had none. */
    start: (start: TalkStart) => Promise<StartOutcome>;
  };
  /** Keeps a call for later, once the runner answers its outcome. Null with `onlyBehind`: nothing is kept that it must wait for. */
  keepCall: (call: CallToKeep) => Promise<{ id: string } | null>;
  /** A statement that changes something and may not be made twice is journalled before its first byte, as such calls are. */
  database: { query: (request: DatabaseRequest) => Promise<DatabaseAnswer> };
  /** Signs an address; nothing is sent. */
  presign: (link: LinkRequest & { credential: string }) => Promise<string>;
  llm: { complete: (request: LlmRequest) => Promise<LlmAnswer> };
  files: RunFiles;
  store: {
    /** The staff's library of common answers: the best match above its threshold, or null. */
    findCommonAnswer: (question: string, language?: string) => Promise<{ id: string; answer: string; score: number } | null>;
    /** Opens a handoff without ending the run's way. */
    openHandoff: (reason: string, details: JsonObject) => Promise<{ id: string }>;
  };
  /**
   * One writer at a time for `key`, among all processes; each key belongs to one kind of work. `gather` takes all items along that wait by then (of the
   * same `batch`), this one first; results are in their order. What goes wrong before it is this step's own; after it, everybody's who was gathered.
   */
  together: <Item, Result>(
    place: { key: string; batch: string },
    item: Item,
    work: (gather: () => readonly Item[]) => Promise<readonly Result[]>,
  ) => Promise<Result>;
  /** Shown in the run view beside the step: attempts, model switches, cache hits. Never a secret. */
  note: (facts: JsonObject) => void;
}

export interface Runner {
  definition: EffectDefinition;
  run: (input: { config: JsonObject; context: EffectContext }) => Promise<Outcome>;
}

/** Ties a runner to its definition; the worker looks runners up by the definition's type. */
export function implement<C extends z.ZodObject>(
  definition: EffectDefinition<C>,
  run: (input: { config: z.infer<C>; context: EffectContext }) => Promise<Outcome>,
): Runner {
  // The config was parsed with this very schema before the runner is called.
  return { definition: definition as unknown as EffectDefinition, run: run as unknown as Runner['run'] };
}
