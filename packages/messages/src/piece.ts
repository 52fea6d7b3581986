import type { Attachment, MessageButton, MessageChoice, MessageQuote, MessageTemplate } from '@holdfast/node-kit';

/** What one call to the provider carries. A message becomes one or several of these, always the same ones. */
export interface Piece {
  /** As the channel takes it: with its own markup, or plain beside `entities` or `html`. With an attachment it is the caption. */
  text: string;
  /** Shown as buttons; empty when the choices stand in `list` or, numbered, in the text. */
  buttons: MessageButton[];
  attachment: Attachment | null;
  /** One call that carries several files: an album, an email. `attachment` is null then. */
  attachments?: Attachment[];
  /** Telegram: where the text is formatted, in UTF-16 units. */
  entities?: TextEntity[];
  /** Email: the same as the text, as the body of an HTML document. */
  html?: string;
  subject?: string;
  /** WhatsApp: choices behind one button. */
  list?: { open: string; rows: MessageChoice[] };
  quote?: MessageQuote;
  template?: MessageTemplate;
}

export interface TextEntity {
  type: 'bold' | 'italic' | 'strikethrough' | 'code' | 'pre' | 'text_link';
  offset: number;
  length: number;
  url?: string;
  language?: string;
}
