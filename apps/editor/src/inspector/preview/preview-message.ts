import { asHoldfastError } from '@holdfast/errors';
import { renderConfig } from '@holdfast/graph';
import { channelNotes, renderMessage, type ChannelNote, type MessageChannel, type Piece } from '@holdfast/messages';
import type { JsonObject, NodeDefinition, OutgoingMessage, Scope } from '@holdfast/node-kit';

export type MessagePreview =
  | { kind: 'message'; message: OutgoingMessage; pieces: Piece[]; notes: ChannelNote[] }
  /** The settings are not finished yet. */
  | { kind: 'unfinished' }
  | { kind: 'problem'; text: string };

/** What a step's message looks like on a channel, with the values at hand: by the same code that sends it. */
export function previewMessage(
  definition: NodeDefinition,
  given: { config: JsonObject; scope: Scope; channel: MessageChannel },
): MessagePreview {
  if (!definition.says || !definition.config.safeParse(given.config).success) return { kind: 'unfinished' };
  try {
    const message = definition.says(renderConfig(definition, given.config, given.scope));
    const pieces = renderMessage[given.channel](message);
    return { kind: 'message', message, pieces, notes: channelNotes(given.channel, message, pieces) };
  } catch (thrown) {
    const { code, detail } = asHoldfastError(thrown, 'template.invalid');
    return code === 'channel.content' ? { kind: 'unfinished' } : { kind: 'problem', text: detail };
  }
}
