import type { endpoints } from '@holdfast/contracts';
import type { CallInput } from '../../client/call.ts';

type Body = CallInput<typeof endpoints.createAlertRoute>['body'];

export interface AlertValues extends Record<string, unknown> {
  kind: 'telegram' | 'email' | 'webhook';
  channel: string;
  chat: string;
  to: string;
  url: string;
  events: Body['events'];
}

/** Only the target of the chosen kind travels. */
export function alertBody({ kind, channel, chat, to, url, events }: AlertValues): Body {
  switch (kind) {
    case 'telegram':
      return { kind, target: { channel, chat: chat.trim() }, events };
    case 'email':
      return { kind, target: { to: to.trim() }, events };
    case 'webhook':
      return { kind, target: { url: url.trim() }, events };
  }
}
