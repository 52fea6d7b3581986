/** What a channel takes, in UTF-16 units, which are never fewer than the characters that it counts. Sources: docs/messages.md. */
export interface ChannelLimits {
  text: number;
  caption: number;
  /** Reply buttons of one message; 0 where the channel has none. */
  buttons: number;
  buttonLabel: number;
  /** The text above buttons or a list. */
  choiceText: number;
  /** Choices behind one button; 0 where the channel has no lists. */
  rows: number;
  rowLabel: number;
  rowDescription: number;
}

const unlimited = 1_000_000;

export const channelLimits = {
  simulator: {
    text: unlimited,
    caption: unlimited,
    buttons: 10,
    buttonLabel: 64,
    choiceText: unlimited,
    rows: 0,
    rowLabel: 0,
    rowDescription: 0,
  },
  telegram: { text: 4_096, caption: 1_024, buttons: 10, buttonLabel: 64, choiceText: 4_096, rows: 0, rowLabel: 0, rowDescription: 0 },
  whatsapp: { text: 4_096, caption: 1_024, buttons: 3, buttonLabel: 20, choiceText: 1_024, rows: 10, rowLabel: 24, rowDescription: 72 },
  email: {
    text: unlimited,
    caption: unlimited,
    buttons: 0,
    buttonLabel: 0,
    choiceText: unlimited,
    rows: 0,
    rowLabel: 0,
    rowDescription: 0,
  },
  sms: { text: 1_600, caption: 1_600, buttons: 0, buttonLabel: 0, choiceText: 1_600, rows: 0, rowLabel: 0, rowDescription: 0 },
} as const satisfies Record<string, ChannelLimits>;

/** The channel kinds that a message can be rendered for. */
export type MessageChannel = keyof typeof channelLimits;
export const isMessageChannel = (kind: string): kind is MessageChannel => Object.hasOwn(channelLimits, kind);
