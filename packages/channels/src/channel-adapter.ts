import type { Piece } from '@holdfast/messages';
import type {
  Attachment,
  JsonObject,
  JsonValue,
  MessageButton,
  MessageQuote,
  OutgoingMessage,
  TemplateDefinition,
} from '@holdfast/node-kit';

export type { Piece } from '@holdfast/messages';

/**
 * `status`: what became of a message of ours. `reaction`: to a message, nothing to answer. `echo`: staff wrote with the provider's own app.
 * `preference`: the customer allows or stops a purpose. `migration`: the same chat or person under a new address.
 */
export type InboundKind =
  | 'message'
  | 'button'
  | 'edit'
  | 'membership'
  | 'migration'
  | 'status'
  | 'reaction'
  | 'echo'
  | 'preference'
  | 'other';

/** One thing that happened on a channel, the same for every provider. */
export interface InboundEvent {
  /** The provider's; the same again when it delivers twice. */
  eventId: string;
  kind: InboundKind;
  /** The chat: where an answer goes. */
  address: string;
  isGroup: boolean;
  /** Who wrote. In a group this is the person, not the chat. `phone` in E.164 and `aliases` are further addresses of the same person, where the provider tells. */
  contact: { address: string; name: string; language: string; phone?: string; aliases?: string[] };
  /** What was typed, or the label of the tapped button. */
  text: string;
  attachments: InboundAttachment[];
  button?: MessageButton;
  /** Unique within the chat; the same for a message and its edits. For `status` and `reaction` the message that is meant. */
  providerMessageId?: string;
  /** The message that it answers. */
  quote?: MessageQuote;
  /** The same for the pictures that were sent together as one. */
  albumId?: string;
  isForwarded?: boolean;
  /** Why a machine wrote it (an auto-reply, a newsletter): it stays in the conversation, and nothing answers it. */
  automatic?: string;
  /** Kept with the message, for people and exports: a mail's subject and id. */
  metadata?: JsonObject;
  /** Until when free text may be sent there (ISO), for channels that take only templates afterwards; never moves back. */
  windowUntil?: string;
  /** What the next answer needs to know of it (email: subject and ancestors); kept as the conversation's `thread`. */
  thread?: JsonObject;
  /** How the customer came here: an advertisement, a link with words of its own. */
  referral?: JsonObject;
  status?: StatusReport;
  /** Null takes the reaction back. */
  reaction?: { emoji: string | null };
  preference?: { purpose: 'marketing' | 'all'; isAllowed: boolean };
  editedAt?: string;
  /** `migration`: the chat's new address. */
  migrateTo?: string;
  /** `membership`: whether we may write there from now on. */
  isReachable?: boolean;
  sentAt: string;
  raw: JsonValue;
}

/** May come late, twice and in the wrong order: a status never goes back (`read` implies `delivered`). */
export interface StatusReport {
  status: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  /** `failed`: a code of packages/errors, and what the provider said; with upstream.limited, whom it slows down and for how long. */
  problem?: {
    code: string;
    detail: string;
    retryAfterMs?: number;
    scope?: 'account' | 'recipient';
    /** It may be sent once more, by another way. */
    hasOtherWay?: boolean;
  };
  /** Millionths of the currency; null when the provider tells only the category. */
  price?: {
    category: string;
    isBillable: boolean;
    amountMicro: number | null;
    currency: string | null;
    /** The list that it is from may be out of date for this country. */
    isEstimate?: true;
  };
  /** What we gave along with the send to find it by (WhatsApp: biz_opaque_callback_data). */
  reference?: string;
}

/** `providerFileId`: still at the provider; fetched after the message is committed, and stored as `fileId`. */
export type InboundAttachment = Attachment & { providerFileId?: string };

/** A configured account, with its secret opened: for the adapter's own calls only, never for a log. */
export interface ChannelAccount {
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  config: JsonObject;
  secret: string | null;
}

export interface StoredFile {
  name: string;
  mimeType: string;
  content: Buffer;
}

export interface PieceSend {
  account: ChannelAccount;
  address: string;
  piece: Piece;
  /** The ledger's key of this piece: for providers that take an idempotency key or echo a reference. */
  key?: string;
  /** The conversation's `thread`. */
  thread?: JsonObject;
  /** A machine's mail says that it is one; `bot` when left out. */
  author?: 'bot' | 'human';
  loadFile: (fileId: string) => Promise<StoredFile | null>;
  /** What is known of a template of the channel; null for one that was never fetched. */
  loadTemplate?: (name: string, language: string) => Promise<TemplateDefinition | null>;
  signal?: AbortSignal;
}

/** `movedTo`: the chat has a new address, and that is where the piece went. */
export interface ProviderResult {
  providerMessageId: string;
  movedTo?: string;
  /** Replaces the conversation's `thread`. */
  thread?: JsonObject;
}

export interface ChannelAdapter {
  kind: string;
  /** Never throws: what it doesn't know becomes `other`. */
  parseUpdate: (raw: JsonValue, account: Pick<ChannelAccount, 'config'>) => InboundEvent[];
  /** Throws channel.content for what this channel can't carry. */
  render: (message: OutgoingMessage) => Piece[];
  /**
   * One attempt. Throws upstream.unreachable, upstream.limited and upstream.broken when the piece was certainly not sent,
   * upstream.ambiguous when nobody knows, channel.* when it never will be.
   */
  send: (send: PieceSend) => Promise<ProviderResult>;
  /** Shows the customer that somebody is at it, for so long or until the next message; marks what they wrote as read where the provider ties the two together. Failures don't matter. */
  typing?: {
    lastsMs: number;
    show: (typing: { account: ChannelAccount; address: string; providerMessageId?: string; signal?: AbortSignal }) => Promise<void>;
  };
  /**
   * Where customers' files must be fetched: one attempt at the bytes. Throws channel.content, upstream.too-large and resource.missing for those
   * that will never come, anything else for what is worth another try.
   */
  files?: {
    maxBytes: number;
    download: (given: { account: ChannelAccount; providerFileId: string; signal: AbortSignal }) => Promise<Buffer>;
  };
  /** Whether an ambiguous send arrived; null when the provider can't be asked or doesn't know. */
  reconcile?: (given: {
    account: ChannelAccount;
    address: string;
    key: string;
    piece: Piece;
    sentAt: string;
  }) => Promise<ProviderResult | null>;
}
