import type { ChannelOptions } from './channel-options.ts';
import type { ChannelService } from './channel-service.ts';
import { createEmailService } from './email/email-service.ts';
import { createSmsService } from './sms/sms-service.ts';
import { createTelegramService } from './telegram/telegram-service.ts';
import type { SiblingDeps } from './whatsapp/sort-by-channel.ts';
import { createWhatsAppService } from './whatsapp/whatsapp-service.ts';
import type { ReceiveDeps } from './receive-deps.ts';

export type ChannelServices = ReturnType<typeof createServices>;

/** Every channel kind that can be connected, by kind; `find` for what doesn't depend on the kind. */
export function createServices(options: ChannelOptions, receive: ReceiveDeps & SiblingDeps) {
  const byKind = {
    telegram: createTelegramService(options, receive),
    whatsapp: createWhatsAppService(options, receive),
    email: createEmailService(options),
    sms: createSmsService(options, receive),
  };
  const all: Record<string, ChannelService> = byKind;
  return { ...byKind, find: (kind: string): ChannelService | null => (Object.hasOwn(all, kind) ? (all[kind] ?? null) : null) };
}
