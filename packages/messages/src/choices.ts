import type { MessageChoice, OutgoingMessage } from '@holdfast/node-kit';
import { channelLimits, type MessageChannel } from './channel-limits.ts';
import type { Laid } from './lay-out.ts';

export type ChoiceForm = 'none' | 'buttons' | 'list' | 'numbered';

/** How a channel can show these choices: as buttons, else behind one button as a list, else numbered in the text. */
export function choiceForm(channel: MessageChannel, choices: readonly MessageChoice[]): ChoiceForm {
  if (choices.length === 0) return 'none';
  const limits = channelLimits[channel];
  const areWithin = (label: number) => choices.every((choice) => choice.label.length <= label);
  // WhatsApp refuses two buttons that read the same.
  const areApart = channel !== 'whatsapp' || new Set(choices.map(({ label }) => label.trim())).size === choices.length;
  const hasDescriptions = channel === 'whatsapp' && choices.some(({ description }) => description !== undefined && description !== '');
  if (choices.length <= limits.buttons && areWithin(limits.buttonLabel) && areApart && !hasDescriptions) return 'buttons';
  return choices.length <= limits.rows && areWithin(limits.rowLabel) && areApart ? 'list' : 'numbered';
}

/** The choices as lines of a text; the customer answers with a number or the words. */
export const numberedChoices = (choices: readonly MessageChoice[]): Laid[] => [
  {
    text: choices.map(({ label, description }, index) => `${index + 1}. ${label}${description ? ` – ${description}` : ''}`).join('\n'),
  },
];

/** The text with its choices below it where the channel has nothing better. */
export function withNumberedChoices(laid: readonly Laid[], { buttons }: Pick<OutgoingMessage, 'buttons'>): Laid[] {
  if (buttons.length === 0) return [...laid];
  return [...laid, ...(laid.length > 0 ? [{ text: '\n\n' }] : []), ...numberedChoices(buttons)];
}
