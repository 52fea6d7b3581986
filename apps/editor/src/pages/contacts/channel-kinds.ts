import { IconBrandTelegram, IconBrandWhatsapp, IconDeviceMobileMessage, IconMail, IconMessage2, type Icon } from '@tabler/icons-react';

/** Kinds of addresses that staff can add by hand. A chat on Telegram begins with the customer. */
export const writableKinds = ['whatsapp', 'sms', 'email'] as const;
export const knownKinds = ['whatsapp', 'telegram', 'email', 'sms', 'simulator'] as const;
export type KnownKind = (typeof knownKinds)[number];

export const isKnownKind = (kind: string): kind is KnownKind => knownKinds.some((known) => known === kind);

const icons: Record<KnownKind, Icon> = {
  whatsapp: IconBrandWhatsapp,
  telegram: IconBrandTelegram,
  email: IconMail,
  sms: IconDeviceMobileMessage,
  simulator: IconMessage2,
};

export const iconOfKind = (kind: string): Icon => (isKnownKind(kind) ? icons[kind] : IconMessage2);
