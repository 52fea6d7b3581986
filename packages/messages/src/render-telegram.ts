import { HoldfastError, say } from '@holdfast/errors';
import type { Attachment, OutgoingMessage } from '@holdfast/node-kit';
import { carry, type Carried } from './attachments.ts';
import { channelLimits } from './channel-limits.ts';
import { layOutText, spellOutLinks, type Laid } from './lay-out.ts';
import type { Piece, TextEntity } from './piece.ts';
import { nothingToSay } from './refusals.ts';
import { textOf } from './spans.ts';
import { splitSpans } from './split-spans.ts';

const limits = channelLimits.telegram;
const maxButtonBytes = 64;
const isWeb = (link: string): boolean => /^https?:/i.test(link);

/**
 * Text first, then the attachments, pictures in a row as one album; buttons hang on the last text, or on the last piece when there is none. A
 * formatted text goes along with its only file as its caption. Text is plain with entities: there is nothing to escape, and no parse error to
 * meet. Throws channel.content.
 */
export function renderTelegram(message: OutgoingMessage): Piece[] {
  refuseLongIds(message);
  const laid = linked(layOutText(message.text, message.format));
  const carried = message.attachments.map((one) => carry(one, message.format, { places: true, contacts: true }));
  const pieces = captioned(message, laid, carried) ?? [
    ...textPieces(laid),
    ...albums(carried, laid.length > 0 || message.buttons.length === 0),
  ];
  const carrier = pieces.findLast(({ attachment, attachments }) => !attachment && !attachments) ?? pieces.at(-1);
  if (!carrier) throw nothingToSay();
  carrier.buttons = message.buttons;
  if (message.quote && pieces[0]) pieces[0].quote = message.quote;
  return pieces;
}

const linked = (laid: readonly Laid[]): Laid[] => spellOutLinks(laid, (link) => !isWeb(link));

function captioned({ format }: OutgoingMessage, laid: readonly Laid[], carried: readonly Carried[]): Piece[] | null {
  const [only] = carried;
  if (format !== 'rich' || carried.length !== 1 || !only?.attachment || only.laid.length > 0 || laid.length === 0) return null;
  if (!takesCaption(only.attachment) || textOf(laid).trimEnd().length > limits.caption) return null;
  return [{ ...formatted(laid), buttons: [], attachment: only.attachment }];
}

const takesCaption = ({ kind }: Attachment): boolean => kind !== 'location' && kind !== 'contact' && kind !== 'sticker';
const textPieces = (laid: readonly Laid[]): Piece[] =>
  splitSpans(laid, limits.text).map((part) => ({ ...formatted(part), buttons: [], attachment: null }));

/** Pictures and videos in a row, or documents in a row, are one album, as long as only its first one says something; buttons can't hang on an album. */
function albums(carried: readonly Carried[], mayJoin: boolean): Piece[] {
  const pieces: Piece[] = [];
  for (const { attachment, laid } of carried) {
    const caption = linked(laid);
    if (!attachment) {
      pieces.push(...textPieces(caption));
      continue;
    }
    const [last] = pieces.slice(-1);
    const album = last?.attachments ?? (last?.attachment ? [last.attachment] : []);
    if (mayJoin && last && caption.length === 0 && album.length < 10 && sharesAlbum(album[0], attachment)) {
      last.attachments = [...album, attachment];
      last.attachment = null;
      continue;
    }
    const fits = takesCaption(attachment) && textOf(caption).length <= limits.caption;
    pieces.push({ ...(fits ? formatted(caption) : { text: '' }), buttons: [], attachment });
    if (!fits) pieces.push(...textPieces(caption));
  }
  return pieces;
}

function sharesAlbum(first: Attachment | undefined, next: Attachment): boolean {
  const isPicture = ({ kind }: Attachment) => kind === 'image' || kind === 'video';
  return first !== undefined && ((isPicture(first) && isPicture(next)) || (first.kind === 'document' && next.kind === 'document'));
}

/** As Telegram counts: in UTF-16 units. An entity neither begins nor ends with white space. */
function formatted(laid: readonly Laid[]): { text: string; entities?: TextEntity[] } {
  const text = textOf(laid).trimEnd();
  const entities: TextEntity[] = [];
  let offset = 0;
  for (const span of laid) {
    const end = Math.min(text.length, offset + span.text.length);
    for (const entity of entitiesOf(span)) extend(entities, { ...entity, offset, length: end - offset });
    offset += span.text.length;
  }
  const trimmed = entities.map((entity) => trimEntity(text, entity)).filter(({ length }) => length > 0);
  return { text, ...(trimmed.length > 0 ? { entities: trimmed } : {}) };
}

type Look = Pick<TextEntity, 'type' | 'url' | 'language'>;

function entitiesOf(span: Laid): Look[] {
  if (span.pre !== undefined) return [{ type: 'pre', ...(span.pre === '' ? {} : { language: span.pre }) }];
  const looks: Look[] = [];
  if (span.link !== undefined && span.link !== span.text) looks.push({ type: 'text_link', url: span.link });
  if (span.code && span.link === undefined) looks.push({ type: 'code' });
  if (span.bold) looks.push({ type: 'bold' });
  if (span.italic) looks.push({ type: 'italic' });
  if (span.strike) looks.push({ type: 'strikethrough' });
  return looks;
}

/** One entity over neighbours that share a look; two code blocks stay two. */
function extend(entities: TextEntity[], next: TextEntity): void {
  const last = entities.findLast(({ type, url }) => type === next.type && url === next.url);
  if (last && last.offset + last.length === next.offset && next.type !== 'pre' && next.type !== 'code') last.length += next.length;
  else entities.push(next);
}

function trimEntity(text: string, entity: TextEntity): TextEntity {
  if (entity.type === 'pre') return entity;
  const covered = text.slice(entity.offset, entity.offset + entity.length);
  const lead = covered.length - covered.trimStart().length;
  return { ...entity, offset: entity.offset + lead, length: covered.trim().length };
}

function refuseLongIds({ buttons }: OutgoingMessage): void {
  const long = buttons.find(({ id }) => bytesOf(id) > maxButtonBytes);
  if (!long) return;
  throw new HoldfastError('channel.content', {
    detail: say`The button "${long.label}" has an id of more than ${maxButtonBytes} bytes.`,
    hint: 'Give it a shorter id.',
    path: 'buttons',
  });
}

const bytesOf = (text: string): number => encodeURIComponent(text.toWellFormed()).replaceAll(/%[0-9A-F]{2}/g, 'x').length;
