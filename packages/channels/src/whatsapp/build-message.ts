import { HoldfastError } from '@holdfast/errors';
import type { Attachment, JsonObject, MessageTemplate, TemplateDefinition } from '@holdfast/node-kit';
import type { Piece } from '../channel-adapter.ts';
import { buildTemplate } from './build-template.ts';
import { recipientOf } from './identity.ts';

/** A file that Meta holds already. */
export interface Uploaded {
  id: string;
  type: 'image' | 'audio' | 'video' | 'document' | 'sticker';
  name: string;
}

interface Given {
  address: string;
  piece: Piece;
  uploaded: Uploaded | null;
  template: TemplateDefinition | null;
  /** The ledger's key: comes back with every status, so that a send whose answer was lost is found again. */
  key: string | undefined;
}

/** The body of `POST /<number>/messages`. Pure; throws channel.content for what can't be said this way. */
export function buildMessage({ address, piece, uploaded, template, key }: Given): JsonObject {
  return {
    messaging_product: 'whatsapp',
    ...recipientOf(address),
    ...contentOf(piece, uploaded, template),
    ...(piece.quote?.providerMessageId === undefined ? {} : { context: { message_id: piece.quote.providerMessageId } }),
    ...(key === undefined ? {} : { biz_opaque_callback_data: key.slice(0, 512) }),
  };
}

function contentOf(piece: Piece, uploaded: Uploaded | null, definition: TemplateDefinition | null): JsonObject {
  if (piece.template) return { type: 'template', template: templateOf(piece.template, definition) };
  if (piece.list) return { type: 'interactive', interactive: listOf(piece.text, piece.list) };
  if (piece.buttons.length > 0) return { type: 'interactive', interactive: buttonsOf(piece, uploaded) };
  if (uploaded) return fileOf(uploaded, piece.text);
  const { attachment } = piece;
  if (attachment?.kind === 'location') return { type: 'location', location: placeOf(attachment) };
  if (attachment?.kind === 'contact') return { type: 'contacts', contacts: [cardOf(attachment)] };
  if (piece.text === '')
    throw new HoldfastError('channel.content', {
      detail: 'There is nothing in this message that WhatsApp carries.',
      hint: 'Write a text in the step.',
    });
  return { type: 'text', text: { body: piece.text, preview_url: false } };
}

const templateOf = ({ name, language, parameters }: MessageTemplate, definition: TemplateDefinition | null): JsonObject => ({
  name,
  language: { code: language },
  ...buildTemplate(parameters, definition),
});

const listOf = (text: string, { open, rows }: NonNullable<Piece['list']>): JsonObject => ({
  type: 'list',
  body: { text },
  action: {
    button: open,
    sections: [
      {
        rows: rows.map(({ id, label, description }) => ({ id, title: label, ...(description === undefined ? {} : { description }) })),
      },
    ],
  },
});

const buttonsOf = ({ text, buttons }: Piece, uploaded: Uploaded | null): JsonObject => ({
  type: 'button',
  ...(uploaded ? { header: { type: uploaded.type, [uploaded.type]: { id: uploaded.id } } } : {}),
  body: { text },
  action: { buttons: buttons.map(({ id, label }) => ({ type: 'reply', reply: { id, title: label } })) },
});

function fileOf({ id, type, name }: Uploaded, caption: string): JsonObject {
  const takesCaption = type !== 'audio' && type !== 'sticker' && caption !== '';
  return { type, [type]: { id, ...(takesCaption ? { caption } : {}), ...(type === 'document' ? { filename: name } : {}) } };
}

const placeOf = ({ latitude = 0, longitude = 0, name, address }: Attachment): JsonObject => ({
  latitude,
  longitude,
  ...(name === undefined || name === '' ? {} : { name }),
  ...(address === undefined || address === '' ? {} : { address }),
});

function cardOf({ name, phone }: Attachment): JsonObject {
  const shown = name === undefined || name === '' ? (phone ?? '') : name;
  return { name: { formatted_name: shown, first_name: shown }, ...(phone === undefined ? {} : { phones: [{ phone, type: 'CELL' }] }) };
}
