import type { Channel } from '@holdfast/contracts';

/** How people know the account: the bot's name, the number, the address. */
export function accountOf({ kind, config }: Channel): string | null {
  const text = (key: string): string | null => (typeof config[key] === 'string' && config[key] !== '' ? config[key] : null);
  switch (kind) {
    case 'telegram': {
      const bot = text('username') ?? text('bot');
      return bot === null ? null : `@${bot.replace(/^@/, '')}`;
    }
    case 'whatsapp':
      return text('displayPhoneNumber');
    case 'email':
      return text('address');
    case 'sms':
      return text('from') ?? text('messagingServiceSid');
    case 'simulator':
      return null;
  }
}
