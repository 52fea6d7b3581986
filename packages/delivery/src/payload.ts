import { createHash } from 'node:crypto';
import { jsonObject, outgoingMessage, type JsonObject, type OutgoingMessage } from '@holdfast/node-kit';

/** Two sends with one key are the same send only when this is the same too. */
export function payloadHash(conversationId: string, message: OutgoingMessage): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        conversationId,
        message.text,
        message.buttons.map(({ id, label }) => [id, label]),
        message.attachments.map((a) => [a.kind, a.fileId, a.name, a.latitude, a.longitude]),
      ]),
    )
    .digest('hex');
}

/** What `messages.content` holds beside the text. */
export const contentOf = ({ buttons, attachments }: OutgoingMessage): JsonObject => ({
  ...(buttons.length === 0 ? {} : { buttons: buttons.map(({ id, label }) => ({ id, label })) }),
  ...(attachments.length === 0 ? {} : { attachments: attachments.map((one) => jsonObject.parse(JSON.parse(JSON.stringify(one)))) }),
});

/** The message as it stands in its row. */
export const messageOf = (text: string, content: JsonObject): OutgoingMessage =>
  outgoingMessage.parse({ text, buttons: content['buttons'] ?? [], attachments: content['attachments'] ?? [] });

/** The ledger key of a piece: the first is the send's own. */
export const pieceKey = (key: string, piece: number): string => (piece === 0 ? key : `${key}#${piece}`);
