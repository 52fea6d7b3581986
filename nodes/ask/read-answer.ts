import { jsonValue, type InboundMessage, type JsonValue } from '@holdfast/node-kit';
import { findOrderIds, readChoice, readDate, readEmail, readNumbers, readPhone } from '@holdfast/reading';
import type { AskConfig } from './node.ts';

export interface Answer {
  isUnderstood: boolean;
  text: string;
  value: JsonValue;
  message: JsonValue;
}

/** The value of the kind that was asked for; null when there is none in the answer. */
function readValue(config: AskConfig, text: string, messages: readonly InboundMessage[]): JsonValue {
  switch (config.expects) {
    case 'text':
      return text === '' ? null : text;
    case 'number':
      return readNumbers(text)[0]?.value ?? null;
    case 'order-id':
      return findOrderIds(text, config.format)[0] ?? null;
    case 'email':
      return readEmail(text);
    case 'phone':
      return readPhone(text);
    case 'date':
      return readDate(text, { order: config.dateOrder, today: (messages.at(-1)?.receivedAt ?? '').slice(0, 10) });
    case 'choice':
      return readChoice(text, config.choices, messages.find((message) => message.button)?.button?.id);
    case 'attachment': {
      const found = messages.flatMap((message) => message.attachments);
      return found.length === 0 ? null : jsonValue.parse(found);
    }
  }
}

/** Reads what the customer answered, over all messages that came together. */
export function readAnswer(config: AskConfig, messages: readonly InboundMessage[]): Answer {
  const text = messages
    .map((message) => message.text)
    .filter((part) => part.trim() !== '')
    .join('\n')
    .trim();
  const value = readValue(config, text, messages);
  return { isUnderstood: value !== null, text, value, message: messages.length === 0 ? null : jsonValue.parse(messages.at(-1)) };
}
