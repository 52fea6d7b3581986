import type { Channel } from '@holdfast/contracts';
import { IconBrandTelegram, IconBrandWhatsapp, IconDeviceMobileMessage, IconMail, IconMessage2, type Icon } from '@tabler/icons-react';
import { createElement } from 'react';
import { isChannelKind } from './channel-kinds.ts';

const glyphs: Readonly<Record<Channel['kind'], Icon>> = {
  simulator: IconDeviceMobileMessage,
  telegram: IconBrandTelegram,
  whatsapp: IconBrandWhatsapp,
  email: IconMail,
  sms: IconMessage2,
};

/** The mark of a kind of channel. */
export const ChannelIcon = ({ kind, size = 18, stroke = 1.5 }: { kind: string; size?: number; stroke?: number }) =>
  createElement(isChannelKind(kind) ? glyphs[kind] : IconMessage2, { size, stroke, 'aria-hidden': true });
