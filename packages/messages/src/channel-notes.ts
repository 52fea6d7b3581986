import type { OutgoingMessage } from '@holdfast/node-kit';
import { channelLimits, type MessageChannel } from './channel-limits.ts';
import { choiceForm } from './choices.ts';
import type { Piece } from './piece.ts';
import { countSmsSegments, type SmsSegments } from './sms-segments.ts';

/** What a channel makes of a message that its author may not expect. */
export type ChannelNote =
  /** More or longer choices than fit on buttons stand behind one. `choice`: the first that is too long; null when they are too many. */
  | { note: 'list'; most: number; length: number; choice: number | null }
  /** Choices are a numbered text. `why`: the channel has no buttons, too many, too long, or two that read the same. */
  | { note: 'numbered'; why: 'no-buttons' | 'many' | 'long' | 'same'; most: number; length: number; choice: number | null }
  /** It goes as several messages, of `length` at most. */
  | { note: 'split'; parts: number; length: number }
  | { note: 'segments'; count: number; encoding: SmsSegments['encoding']; left: number; foreign: string[] };

/** For a message as `renderMessage` made its pieces of it. */
export function channelNotes(channel: MessageChannel, message: OutgoingMessage, pieces: readonly Piece[]): ChannelNote[] {
  const notes = choiceNotes(channel, message);
  const texts = pieces.filter(({ attachment }) => attachment === null);
  if (texts.length > 1 && message.text.length > 1_000)
    notes.push({ note: 'split', parts: texts.length, length: channelLimits[channel].text });
  if (channel === 'sms') notes.push(...segmentNotes(pieces));
  return notes;
}

function choiceNotes(channel: MessageChannel, { buttons }: OutgoingMessage): ChannelNote[] {
  const limits = channelLimits[channel];
  const form = choiceForm(channel, buttons);
  const longer = (length: number) => {
    const found = buttons.findIndex(({ label }) => label.length > length);
    return found < 0 ? null : found;
  };
  if (form === 'list')
    return [
      {
        note: 'list',
        most: limits.buttons,
        length: limits.buttonLabel,
        choice: buttons.length > limits.buttons ? null : longer(limits.buttonLabel),
      },
    ];
  if (form !== 'numbered') return [];
  const length = limits.rowLabel || limits.buttonLabel;
  const most = limits.rows || limits.buttons;
  const choice = longer(length);
  const why = most === 0 ? 'no-buttons' : buttons.length > most ? 'many' : choice === null ? 'same' : 'long';
  return [{ note: 'numbered', why, most, length, choice: why === 'long' ? choice : null }];
}

function segmentNotes(pieces: readonly Piece[]): ChannelNote[] {
  const counts = pieces.filter(({ text }) => text !== '').map(({ text }) => countSmsSegments(text));
  const last = counts.at(-1);
  if (!last) return [];
  return [
    {
      note: 'segments',
      count: counts.reduce((sum, { segments }) => sum + segments, 0),
      encoding: counts.some(({ encoding }) => encoding === 'UCS-2') ? 'UCS-2' : 'GSM-7',
      left: last.left,
      foreign: [...new Set(counts.flatMap(({ foreign }) => foreign))],
    },
  ];
}
