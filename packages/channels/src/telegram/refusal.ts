import { HoldfastError, say } from '@holdfast/errors';
import type { TelegramRefusal } from './telegram-client.ts';

/** What Telegram's no means for us. All of them say: this message was not taken. */
export function explainRefusal(refusal: TelegramRefusal): HoldfastError {
  const { status, description } = refusal;
  const said = `Telegram said: ${description}`;
  if (status === 429) return new HoldfastError('upstream.limited', { detail: said, retryAfterMs: refusal.retryAfterMs ?? 1_000 });
  if (status === 401 || status === 404)
    return new HoldfastError('channel.token', { detail: said, hint: 'Ask @BotFather for the token and enter it under Channels.' });
  if (status === 403 && /blocked|deactivated|PRIVACY_PREMIUM_REQUIRED/i.test(description))
    return new HoldfastError('channel.blocked', { detail: said });
  // A group that takes no pictures still takes words, so the chat itself stays reachable.
  if (/rights to send (?!text)\w+|CHAT_SEND_(?!PLAIN)\w+_FORBIDDEN/i.test(description))
    return new HoldfastError('channel.content', {
      detail: say`This group does not take such a file. ${said}`,
      hint: 'Send a text instead, or ask the group’s administrator to allow it.',
    });
  if (
    status === 403 ||
    /chat not found|PEER_ID_INVALID|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED|TOPIC_CLOSED|not enough rights|have no rights|upgraded to a supergroup|group is deactivated/i.test(
      description,
    )
  ) {
    return new HoldfastError('channel.unreachable', { detail: said });
  }
  if (status >= 500) return new HoldfastError('upstream.broken', { detail: said });
  return new HoldfastError('channel.content', { detail: said, hint: 'Change the text or the attachment in the step.' });
}
