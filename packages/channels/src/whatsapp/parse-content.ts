import { cleanText } from '@holdfast/node-kit';
import type { InboundAttachment, InboundEvent } from '../channel-adapter.ts';
import type { Content } from './update-schema.ts';

export type Said = Pick<InboundEvent, 'text' | 'attachments'> & Partial<Pick<InboundEvent, 'button' | 'quote' | 'isForwarded'>>;

/** What one message says, whoever wrote it. Null for a type that carries nothing we read. */
export function parseContent(content: Content): Said | null {
  const said = saidBy(content);
  if (said === null) return null;
  const { context } = content;
  return {
    ...said,
    text: cleanText(said.text),
    ...(context?.id === undefined ? {} : { quote: { providerMessageId: context.id } }),
    ...(context?.forwarded === true || context?.frequently_forwarded === true ? { isForwarded: true } : {}),
  };
}

function saidBy(content: Content): Said | null {
  if (content.text) return { text: content.text.body, attachments: [] };
  const file = fileOf(content);
  if (file) return { text: file.caption ?? '', attachments: [file.attachment] };
  const tap = tapOf(content);
  if (tap) return { text: tap.label, attachments: [], button: tap };
  const { location, contacts, order, interactive } = content;
  if (location)
    return {
      text: '',
      attachments: [
        {
          kind: 'location',
          latitude: location.latitude,
          longitude: location.longitude,
          ...(location.name === undefined ? {} : { name: cleanText(location.name) }),
          ...(location.address === undefined ? {} : { address: cleanText(location.address) }),
        },
      ],
    };
  if (contacts) return { text: '', attachments: contacts.map(cardOf) };
  if (order) return { text: orderText(order), attachments: [] };
  // A filled-in form ("flow") of WhatsApp's: its answers are JSON.
  if (interactive?.nfm_reply) return { text: interactive.nfm_reply.response_json ?? interactive.nfm_reply.body ?? '', attachments: [] };
  return null;
}

const fileKinds = ['image', 'audio', 'video', 'document', 'sticker'] as const;

function fileOf(content: Content): { attachment: InboundAttachment; caption: string | undefined } | null {
  for (const type of fileKinds) {
    const file = content[type];
    if (!file) continue;
    const kind = type === 'audio' && file.voice === true ? 'voice' : type;
    const attachment: InboundAttachment = {
      kind,
      providerFileId: file.id,
      ...(file.mime_type === undefined ? {} : { mimeType: file.mime_type.split(';')[0]?.trim() ?? file.mime_type }),
      ...(file.filename === undefined ? {} : { name: cleanText(file.filename) }),
    };
    return { attachment, caption: file.caption };
  }
  return null;
}

/** Ids of 64 characters are what flows know; Meta allows longer ones, which only others' messages carry. */
const maxButtonText = 64;

function tapOf({ interactive, button }: Content): { id: string; label: string } | null {
  const reply = interactive?.button_reply ?? interactive?.list_reply;
  const given = reply ? { id: reply.id, label: reply.title } : button ? { id: button.payload ?? button.text, label: button.text } : null;
  if (given === null || given.id === '' || given.label === '') return null;
  return { id: cleanText(given.id).slice(0, maxButtonText), label: cleanText(given.label).slice(0, maxButtonText) };
}

function cardOf({ name, phones = [] }: NonNullable<Content['contacts']>[number]): InboundAttachment {
  const phone = phones[0]?.phone ?? phones[0]?.wa_id;
  return {
    kind: 'contact',
    name: cleanText(name?.formatted_name ?? name?.first_name ?? ''),
    ...(phone === undefined ? {} : { phone: cleanText(phone) }),
  };
}

/** "2 × SKU-1 (9.50 EUR)", a line each: what a person, a pattern or a model can read. */
function orderText({ text, product_items: items }: NonNullable<Content['order']>): string {
  const lines = items.map(
    ({ quantity, product_retailer_id: id, item_price: price, currency }) =>
      `${quantity} × ${id}${price === undefined ? '' : ` (${price}${currency === undefined ? '' : ` ${currency}`})`}`,
  );
  return [text ?? '', ...lines].filter((line) => line !== '').join('\n');
}
