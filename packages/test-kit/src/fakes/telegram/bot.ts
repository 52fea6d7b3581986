import type { ServerResponse } from 'node:http';

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

/** One message that the fake took, as a customer would have seen it. */
export interface Accepted {
  seq: number;
  at: number;
  token: string;
  method: string;
  chat: string;
  messageId: number;
  text: string;
  payload: Record<string, unknown>;
}

export interface Fault {
  /** One method, or every method. */
  method?: string;
  /** One chat, or every chat. */
  chat?: string;
  /** How often; 1 when left out. */
  times?: number;
  /** 0 to 1: fails only that share of calls, by a seeded draw; `times` then counts the draws that failed. */
  probability?: number;
  kind: FaultKind;
  /** `limited`: seconds to wait. */
  retryAfter?: number;
  /** `refused`: Telegram's own words, as `Bad Request: …` or `Forbidden: …`. */
  description?: string;
  /** `slow`: milliseconds until it goes on as if nothing had been. */
  delayMs?: number;
}
export type FaultKind =
  | 'limited'
  | 'refused'
  | 'blocked'
  | 'kicked'
  | 'server-error'
  | 'gateway'
  | 'unauthorized'
  | 'slow'
  | 'hang'
  | 'garbage'
  /** Cuts the connection before the message is taken. */
  | 'cut-before'
  /** Takes the message, then cuts the connection: the sender can't know. */
  | 'cut-after';

export interface WaitingPoll {
  response: ServerResponse;
  offset: number;
  limit: number;
  timer: NodeJS.Timeout;
}

export interface StoredUpload {
  fileId: string;
  path: string;
  bytes: Buffer;
}

/** What the fake knows about one token. */
export interface Bot {
  token: string;
  id: number;
  username: string;
  isPrivate: boolean;
  updates: Update[];
  nextUpdateId: number;
  nextMessageId: number;
  poll: WaitingPoll | null;
  webhook: { url: string; secret: string; failures: number; timer: NodeJS.Timeout | null; problem: string } | null;
  /** Each batch holds every update twice, in an order drawn from the seed. */
  mess: { duplicate: boolean; shuffle: boolean };
  faults: Fault[];
  /** `takesNoVoice`: the person's own privacy setting. */
  chats: Map<string, { blocked?: string; movedTo?: string; isGroup: boolean; takesNoVoice?: boolean }>;
  typing: string[];
  files: Map<string, StoredUpload>;
  accepted: Accepted[];
  /** Texts of sent messages, so that an edit can be "not modified". */
  sentTexts: Map<string, string>;
  answeredCallbacks: string[];
  calls: { method: string; at: number; chat: string; status: number }[];
}

export function createBot(token: string): Bot {
  const id = Number(/^\d+/.exec(token)?.[0] ?? 1);
  return {
    token,
    id,
    username: `fake_${id}_bot`,
    isPrivate: true,
    updates: [],
    nextUpdateId: 810_000_001,
    nextMessageId: 1,
    poll: null,
    webhook: null,
    mess: { duplicate: false, shuffle: false },
    faults: [],
    chats: new Map(),
    typing: [],
    files: new Map(),
    accepted: [],
    sentTexts: new Map(),
    answeredCallbacks: [],
    calls: [],
  };
}
