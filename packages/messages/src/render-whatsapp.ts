import type { Attachment, MessageChoice, OutgoingMessage } from '@holdfast/node-kit';
import { carry, type Carried } from './attachments.ts';
import { channelLimits } from './channel-limits.ts';
import { choiceForm, withNumberedChoices } from './choices.ts';
import { layOutText, type Laid } from './lay-out.ts';
import type { Piece } from './piece.ts';
import { nothingToSay } from './refusals.ts';
import { textOf } from './spans.ts';
import { splitSpans, splitTail, type Measure } from './split-spans.ts';
import { whatsAppMarkup } from './whatsapp-markup.ts';

const limits = channelLimits.whatsapp;
const measure: Measure = (spans) => whatsAppMarkup(spans).length;
const defaultOpen = 'Choose';

/**
 * As few messages as possible, because each one is paid: a text goes along with its only file as its caption. Files come before a text with
 * choices, so that the choices stand last; up to 3 short ones are buttons, up to 10 a list, others numbered lines. A template goes alone. Throws
 * channel.content.
 */
export function renderWhatsApp(message: OutgoingMessage): Piece[] {
  if (message.template) return [{ text: message.text, buttons: [], attachment: null, template: message.template }];
  const form = choiceForm('whatsapp', message.buttons);
  const written = layOutText(message.text, message.format, '-');
  const laid = form === 'numbered' ? withNumberedChoices(written, message) : written;
  const carried = message.attachments.map((one) => carry(one, message.format, { places: true, contacts: true }));
  const pieces = form === 'buttons' || form === 'list' ? withChoices(message, form, laid, carried) : withoutChoices(laid, carried);
  if (pieces.length === 0) throw nothingToSay();
  if (message.quote && pieces[0]) pieces[0].quote = message.quote;
  return pieces;
}

function withoutChoices(laid: readonly Laid[], carried: readonly Carried[]): Piece[] {
  const [only] = carried;
  const fitsCaption = measure(laid) <= limits.caption && laid.length > 0;
  if (fitsCaption && carried.length === 1 && only?.attachment && only.laid.length === 0 && takesCaption(only.attachment))
    return [{ text: whatsAppMarkup(laid), buttons: [], attachment: only.attachment }];
  return [...textPieces(laid), ...carried.flatMap(filePieces)];
}

function withChoices(message: OutgoingMessage, form: 'buttons' | 'list', laid: readonly Laid[], carried: readonly Carried[]): Piece[] {
  const open = message.list?.open ?? defaultOpen;
  const { head, tail } = splitTail(laid.length > 0 ? laid : [{ text: open }], limits.choiceText, measure);
  const last: Piece = { text: whatsAppMarkup(tail).trimEnd(), buttons: [], attachment: null };
  const asked: Piece =
    form === 'buttons' ? { ...last, buttons: message.buttons } : { ...last, list: { open, rows: message.buttons.map(rowOf) } };
  return [...carried.flatMap(filePieces), ...textPieces(head), asked];
}

const rowOf = ({ id, label, description }: MessageChoice): MessageChoice => ({
  id,
  label,
  ...(description ? { description: description.slice(0, limits.rowDescription) } : {}),
});
const takesCaption = ({ kind }: Attachment): boolean => kind === 'image' || kind === 'video' || kind === 'document' || kind === 'other';
const textPieces = (laid: readonly Laid[]): Piece[] =>
  splitSpans(laid, limits.text, measure).map((part) => ({ text: whatsAppMarkup(part).trimEnd(), buttons: [], attachment: null }));

function filePieces({ attachment, laid }: Carried): Piece[] {
  if (!attachment) return textPieces(laid);
  if (laid.length === 0 || textOf(laid).trim() === '') return [{ text: '', buttons: [], attachment }];
  if (takesCaption(attachment) && measure(laid) <= limits.caption)
    return [{ text: whatsAppMarkup(laid).trimEnd(), buttons: [], attachment }];
  return [{ text: '', buttons: [], attachment }, ...textPieces(laid)];
}
