import { IconBrandTelegram, IconMail, IconWebhook } from '@tabler/icons-react';

export const alertKinds = { telegram: IconBrandTelegram, email: IconMail, webhook: IconWebhook } as const;
export type AlertKind = keyof typeof alertKinds;
