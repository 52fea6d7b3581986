/** Kinds of addresses that staff can add by hand. A chat on Telegram begins with the customer. */
export const writableKinds = ['whatsapp', 'sms', 'email'] as const;
