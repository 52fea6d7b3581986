import { z } from 'zod';

export const attachmentKind = z.enum(['image', 'voice', 'audio', 'video', 'document', 'location', 'sticker', 'contact', 'other']);

/** A file or place that came with a message. `fileId` names our own copy; a provider's link is never kept. */
export const attachment = z.object({
  kind: attachmentKind,
  fileId: z.string().optional(),
  name: z.string().optional(),
  mimeType: z.string().optional(),
  sizeBytes: z.number().int().nonnegative().optional(),
  durationSeconds: z.number().nonnegative().optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  /** A place's address. */
  address: z.string().optional(),
  /** A contact card's number. */
  phone: z.string().optional(),
  /** What is said with the file, in the message's own `format`; channels without captions send it as a text beside it. */
  caption: z.string().max(4_000).optional(),
});
export type Attachment = z.infer<typeof attachment>;

export const messageButton = z.object({ id: z.string().min(1).max(64), label: z.string().min(1).max(64) });
export type MessageButton = z.infer<typeof messageButton>;

/** A choice to tap. `description` is the second line of a row where a channel shows the choices as a list. */
export const messageChoice = messageButton.extend({ description: z.string().max(72).optional() });
export type MessageChoice = z.infer<typeof messageChoice>;

/** The message that this one answers. An outgoing one names ours by `messageId`, and delivery fills in the rest; an inbound one names the provider's. */
export const messageQuote = z.object({
  messageId: z.string().optional(),
  providerMessageId: z.string().optional(),
  text: z.string().optional(),
});
export type MessageQuote = z.infer<typeof messageQuote>;

/** What a customer wrote, the same for every channel. `text` is what was typed, or the label of the tapped button. */
export const inboundMessage = z.object({
  id: z.string(),
  text: z.string(),
  attachments: z.array(attachment).default([]),
  button: messageButton.optional(),
  quote: messageQuote.optional(),
  receivedAt: z.string(),
  editedAt: z.string().optional(),
});
export type InboundMessage = z.infer<typeof inboundMessage>;

/** An approved template of the channel (WhatsApp): parameters by name, or by position as "1", "2", … */
export const messageTemplate = z.object({
  name: z.string().min(1).max(512),
  language: z.string().min(2).max(16),
  parameters: z.record(z.string(), z.string().max(4_000)).default({}),
});
export type MessageTemplate = z.infer<typeof messageTemplate>;

/** `plain` stands as it is written, on every channel; `rich` is the Markdown subset that packages/messages reads. */
export const textFormat = z.enum(['plain', 'rich']);
export type TextFormat = z.infer<typeof textFormat>;

/** What we say, before a channel renders it: packages/messages. A channel splits what is longer than its limit. */
export const outgoingMessage = z.object({
  text: z.string().max(20_000).default(''),
  /** `plain` when left out. Holds for captions too. */
  format: textFormat.optional(),
  /** Choices: buttons where the channel has them, a list or a numbered text elsewhere. */
  buttons: z.array(messageChoice).max(10).default([]),
  /** What opens the choices where a channel hides them behind a list; "Choose" when left out. */
  list: z.object({ open: z.string().min(1).max(20) }).optional(),
  attachments: z.array(attachment).max(10).default([]),
  quote: messageQuote.optional(),
  /** Sent instead of the text where the channel takes nothing else; the text says the same for people and for other channels. */
  template: messageTemplate.optional(),
  /** Email only; other channels leave it out. */
  subject: z.string().max(500).optional(),
  /** `service` when left out: about the person's own matter. `marketing` needs consent, and waits for quiet hours. */
  purpose: z.enum(['service', 'marketing']).optional(),
});
export type OutgoingMessage = z.infer<typeof outgoingMessage>;
