import type { OutgoingMessage } from '@holdfast/node-kit';
import { carry } from './attachments.ts';
import { channelLimits } from './channel-limits.ts';
import { withNumberedChoices } from './choices.ts';
import { layOutText, spellOutLinks, type Laid } from './lay-out.ts';
import type { Piece } from './piece.ts';
import { nothingToSay } from './refusals.ts';
import { textOf } from './spans.ts';
import { plainForSms } from './sms-segments.ts';
import { splitText } from './split-text.ts';

/** Plain text with numbered choices, then the files with their captions: an account that can send MMS carries them, another one links to them. Throws channel.content. */
export function renderSms(message: OutgoingMessage): Piece[] {
  const laid = withNumberedChoices(spellOutLinks(layOutText(message.text, message.format, '-')), message);
  const pieces = [
    ...textPieces(laid),
    ...message.attachments.flatMap((one) => {
      const { attachment, laid: caption } = carry(one, message.format, { places: false, contacts: false });
      if (!attachment) return textPieces(caption);
      return [{ text: plainForSms(textOf(spellOutLinks(caption))), buttons: [], attachment }];
    }),
  ];
  if (pieces.length === 0) throw nothingToSay();
  return pieces;
}

const textPieces = (laid: readonly Laid[]): Piece[] =>
  splitText(plainForSms(textOf(laid)), channelLimits.sms.text).map((text) => ({ text, buttons: [], attachment: null }));
