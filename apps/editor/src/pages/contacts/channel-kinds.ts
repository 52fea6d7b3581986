/** Kinds of addresses that staff can add by hand. A chat on Telegram begins with the customer. */
export const writableKinds = ['whatsapp', 'sms', 'email'] as const;
export const knownKinds = ['whatsapp', 'telegram', 'email', 'sms', 'simulator'] as const;
export type KnownKind = (typeof knownKinds)[number];

export const isKnownKind = (kind: string): kind is KnownKind => knownKinds.some((known) => known === kind);
