import { IconBrandTelegram, IconBrandWhatsapp, IconDeviceMobileMessage, IconMail, IconMessage2, type Icon } from '@tabler/icons-react';
import { createElement } from 'react';
import { isKnownKind, type KnownKind } from './channel-kinds.ts';

const icons: Record<KnownKind, Icon> = {
  whatsapp: IconBrandWhatsapp,
  telegram: IconBrandTelegram,
  email: IconMail,
  sms: IconMessage2,
  simulator: IconDeviceMobileMessage,
};

/** The mark of a kind of channel. */
export const KindIcon = ({ kind, size = 18 }: { kind: string; size?: number }) =>
  createElement(isKnownKind(kind) ? icons[kind] : IconMessage2, { size, stroke: 1.5, 'aria-hidden': true });
