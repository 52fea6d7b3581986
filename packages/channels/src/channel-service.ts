import type { Words } from '@holdfast/errors';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { NewMessageTemplate } from '@holdfast/db';
import type { ChannelAccount } from './channel-adapter.ts';

/** One call of a provider's, as it came over the wire. */
export interface WebhookRequest {
  method: string;
  /** The address as the provider knows it, with its query: the public one, whatever a proxy made of it. Some sign it. */
  url: string;
  query: URLSearchParams;
  /** By their names in small letters. */
  headers: Readonly<Record<string, string>>;
  /** The raw bytes: what signatures are made of. */
  body: Buffer;
  /** See `ConnectContext`. */
  hookSecret: string;
  /** The body as JSON without dangerous text; throws request.malformed. Ask for it after the caller is proven. */
  json: () => JsonValue;
}

export interface WebhookAnswer {
  status: number;
  /** application/json when left out. */
  type?: string;
  body: string | Buffer;
}

export interface ChannelWebhook {
  /** Longer bodies are refused unread. */
  maxBytes: number;
  /**
   * Answers after what the call brought is committed; throws when it is not, so that the provider comes again. Throws auth.signature
   * for a caller that is not proven, resource.missing for what this channel doesn't take by webhook.
   */
  receive: (account: ChannelAccount, request: WebhookRequest) => Promise<WebhookAnswer>;
}

/** What a kind's connecting is told beside what the person entered. */
export interface ConnectContext {
  channelId: string;
  /** Where its provider is to call; null while nobody has told Holdfast its public address. */
  webhookUrl: string | null;
  /** Made from the master key for this channel: what a provider must show. 43 of A–Z a–z 0–9 _ -. */
  hookSecret: string;
  /** Throws resource.conflict when the workspace has another channel with this value of `unique`. Before anything is changed at the provider. */
  claim: (value: string) => Promise<void>;
}

/** A channel as it is to be stored. */
export interface NewAccount {
  name: string;
  config: JsonObject;
  secret: string;
  /** `paused`: something is missing yet (`ChannelService.missing`). */
  status: 'active' | 'paused';
  /** For `health.facts`. */
  facts?: JsonObject;
}

export interface AccountChange {
  /** Further settings, without secrets. */
  settings?: JsonObject | undefined;
  /** New secrets by name, as the kind's form names them. */
  secrets?: Record<string, string> | undefined;
}

/** What is not in place yet, told to the person who connects. */
export interface Missing {
  detail: Words;
  hint: Words;
  path: string;
}

/** Everything about a channel kind that is not a message: connecting, looking whether it works, taking webhooks in. */
export interface ChannelService<Connection = never> {
  kind: string;
  /** The config key that one workspace may hold once, and how it reads. */
  unique: { key: string; label: (value: string) => Words };
  /** What a person may change later, beside the limits that every kind has. */
  settings: readonly string[];
  secrets: readonly string[];
  /** Throws what the provider says against it; stores nothing. */
  connect: (given: Connection, context: ConnectContext) => Promise<NewAccount>;
  /** New `settings` or `secrets`, checked with the provider. Answers what to store. */
  change: (account: ChannelAccount, change: AccountChange) => Promise<{ config: JsonObject; secret: string; facts?: JsonObject }>;
  /** Asks the provider whether it works. Throws what is wrong; answers what is to be kept in `health.facts`. */
  check: (account: ChannelAccount) => Promise<JsonObject>;
  /** Why it can't be active yet; null when nothing is missing. */
  missing?: (account: ChannelAccount) => Missing | null;
  /** The texts that the provider has approved, where it has such a thing. Throws what it says against it. */
  templates?: (account: ChannelAccount) => Promise<NewMessageTemplate[]>;
  webhook?: ChannelWebhook;
}
