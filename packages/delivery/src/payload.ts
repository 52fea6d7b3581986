import { createHash } from 'node:crypto';
import { toPlainText } from '@holdfast/messages';
import { jsonObject, outgoingMessage, type JsonObject, type OutgoingMessage } from '@holdfast/node-kit';

// What a message may have beside text, buttons and files. Left out where it has none: the ledger's keys of older messages stay the same.
const extrasOf = ({ format, list, quote, template, subject, purpose }: OutgoingMessage): JsonObject =>
  asJson({ format: format === 'plain' ? undefined : format, list, quote, template, subject, purpose });

const asJson = (given: object): JsonObject => jsonObject.parse(JSON.parse(JSON.stringify(given)));

/** Two sends with one key are the same send only when this is the same too. */
export function payloadHash(conversationId: string, message: OutgoingMessage): string {
  const extras = extrasOf(message);
  return createHash('sha256')
    .update(
      JSON.stringify([
        conversationId,
        message.text,
        message.buttons.map(({ id, label, description }) => [id, label, ...(description === undefined ? [] : [description])]),
        message.attachments.map((a) => [
          a.kind,
          a.fileId,
          a.name,
          a.latitude,
          a.longitude,
          ...(a.caption === undefined ? [] : [a.caption]),
          ...(a.address === undefined && a.phone === undefined ? [] : [a.address, a.phone]),
        ]),
        ...(Object.keys(extras).length === 0 ? [] : [extras]),
      ]),
    )
    .digest('hex');
}

/** The words alone, for noticing that the same go to many people; null for what is too short to be a sign of anything. */
export function textHash({ text, template }: Pick<OutgoingMessage, 'text' | 'template'>): string | null {
  const words = template ? `${template.name}\n${JSON.stringify(template.parameters)}\n${text}` : text;
  const plain = words.toLowerCase().replaceAll(/\s+/gu, ' ').trim();
  return plain.length < 20 ? null : createHash('sha256').update(plain).digest('hex').slice(0, 32);
}

/** What `messages.content` holds beside the text. */
export const contentOf = (message: OutgoingMessage): JsonObject => ({
  ...(message.format === 'rich' ? { formatted: message.text } : {}),
  ...(message.buttons.length === 0 ? {} : { buttons: message.buttons.map((button) => asJson(button)) }),
  ...(message.attachments.length === 0 ? {} : { attachments: message.attachments.map((one) => asJson(one)) }),
  ...extrasOf(message),
});

/** What a message's row says in words: what is searched, exported and read by models. Its formatting stands beside it, as `content.formatted`. */
export const wordsOf = ({ text, format }: Pick<OutgoingMessage, 'text' | 'format'>): string =>
  format === 'rich' ? toPlainText(text, format) : text;

/** The message as it stands in its row. */
export const messageOf = (text: string, content: JsonObject): OutgoingMessage => {
  const { format, list, quote, template, subject, purpose } = content;
  const extras = Object.entries({ format, list, quote, template, subject, purpose }).filter(([, value]) => value !== undefined);
  return outgoingMessage.parse({
    text: format === 'rich' && typeof content['formatted'] === 'string' ? content['formatted'] : text,
    buttons: content['buttons'] ?? [],
    attachments: content['attachments'] ?? [],
    ...Object.fromEntries(extras),
  });
};

/** The ledger key of a piece: the first is the send's own. */
export const pieceKey = (key: string, piece: number): string => (piece === 0 ? key : `${key}#${piece}`);
