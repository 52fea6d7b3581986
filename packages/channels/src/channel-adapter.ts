import type { Attachment, JsonObject, JsonValue, MessageButton, OutgoingMessage } from '@holdfast/node-kit';

export type InboundKind = 'message' | 'button' | 'edit' | 'membership' | 'migration' | 'other';

/** One thing that happened on a channel, the same for every provider. */
export interface InboundEvent {
  /** The provider's; the same again when it delivers twice. */
  eventId: string;
  kind: InboundKind;
  /** The chat: where an answer goes. */
  address: string;
  isGroup: boolean;
  /** Who wrote. In a group this is the person, not the chat. */
  contact: { address: string; name: string; language: string };
  /** What was typed, or the label of the tapped button. */
  text: string;
  attachments: InboundAttachment[];
  button?: MessageButton;
  /** Unique within the chat; the same for a message and its edits. */
  providerMessageId?: string;
  editedAt?: string;
  /** `migration`: the chat's new address. */
  migrateTo?: string;
  /** `membership`: whether we may write there from now on. */
  isReachable?: boolean;
  sentAt: string;
  raw: JsonValue;
}

/** `providerFileId` is taken away when our own copy is stored as `fileId`. */
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

/** What one call to the provider carries. A message becomes one or several of these, always the same ones. */
export interface Piece {
  text: string;
  buttons: MessageButton[];
  attachment: Attachment | null;
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
  loadFile: (fileId: string) => Promise<StoredFile | null>;
  signal?: AbortSignal;
}

/** `movedTo`: the chat has a new address, and that is where the piece went. */
export interface ProviderResult {
  providerMessageId: string;
  movedTo?: string;
}

/** How fast an account may send. `burst` is how many may go at once before the pace counts. */
export interface SendRates {
  overall: Rate;
  perChat: Rate;
  perGroup: Rate;
}
export interface Rate {
  everyMs: number;
  burst: number;
}

export interface ChannelAdapter {
  kind: string;
  rates: SendRates | null;
  /** Never throws: what it doesn't know becomes `other`. */
  parseUpdate: (raw: JsonValue, account: Pick<ChannelAccount, 'config'>) => InboundEvent[];
  /** Throws channel.content for what this channel can't carry. */
  render: (message: OutgoingMessage) => Piece[];
  /**
   * One attempt. Throws upstream.unreachable, upstream.limited and upstream.broken when the piece was certainly not sent,
   * upstream.ambiguous when nobody knows, channel.* when it never will be.
   */
  send: (send: PieceSend) => Promise<ProviderResult>;
}
