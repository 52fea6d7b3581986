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
});
export type Attachment = z.infer<typeof attachment>;

export const messageButton = z.object({ id: z.string().min(1).max(64), label: z.string().min(1).max(64) });
export type MessageButton = z.infer<typeof messageButton>;

/** What a customer wrote, the same for every channel. `text` is what was typed, or the label of the tapped button. */
export const inboundMessage = z.object({
  id: z.string(),
  text: z.string(),
  attachments: z.array(attachment).default([]),
  button: messageButton.optional(),
  receivedAt: z.string(),
  editedAt: z.string().optional(),
});
export type InboundMessage = z.infer<typeof inboundMessage>;

/** What we say, before a channel renders it. Plain text; a channel splits what is longer than its limit. */
export const outgoingMessage = z.object({
  text: z.string().max(20_000).default(''),
  buttons: z.array(messageButton).max(10).default([]),
  attachments: z.array(attachment).max(10).default([]),
});
export type OutgoingMessage = z.infer<typeof outgoingMessage>;
