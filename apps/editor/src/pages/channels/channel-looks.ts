import type { Channel } from '@holdfast/contracts';
import { IconBrandTelegram, IconBrandWhatsapp, IconDeviceMobileMessage, IconMail, IconMessage2, type Icon } from '@tabler/icons-react';

/** The mark of each kind of channel. */
export const channelGlyphs: Readonly<Record<Channel['kind'], Icon>> = {
  simulator: IconDeviceMobileMessage,
  telegram: IconBrandTelegram,
  whatsapp: IconBrandWhatsapp,
  email: IconMail,
  sms: IconMessage2,
};

export const isChannelKind = (kind: string): kind is Channel['kind'] => Object.hasOwn(channelGlyphs, kind);

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
