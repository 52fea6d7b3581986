import type { JsonObject, JsonValue } from './json.ts';

/** Everything a template, a condition or a node may look at. Built by the run from PostgreSQL, by the editor from samples. */
export interface Scope {
  /** What started the run: for a channel `{ text, message, messages, attachments, channel }`, for a webhook `{ method, headers, query, body }`. */
  trigger: JsonObject;
  /** The latest output of every step that ended, by node id. */
  nodes: { [nodeId: string]: JsonValue };
  contact: ContactView | null;
  conversation: ConversationView | null;
  /** The workspace's variables, by name. Never a secret. */
  variables: JsonObject;
  run: { id: string; startedAt: string; flow: string };
}

export interface ContactView {
  id: string;
  name: string;
  language: string;
  attributes: JsonObject;
}

export interface ConversationView {
  id: string;
  channel: string;
  channelKind: string;
  /** The last turns, oldest first, at most 30: what an LLM needs, without another call. */
  history: { author: 'customer' | 'bot' | 'human'; text: string; at: string }[];
}
