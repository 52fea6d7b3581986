import type { ChannelAdapter } from './channel-adapter.ts';
import type { ChannelOptions } from './channel-options.ts';
import { createEmailAdapter } from './email/email-adapter.ts';
import { simulatorAdapter } from './simulator/simulator-adapter.ts';
import { createSmsAdapter } from './sms/sms-adapter.ts';
import { createTelegramAdapter } from './telegram/telegram-adapter.ts';
import { createWhatsAppAdapter } from './whatsapp/whatsapp-adapter.ts';

export type Adapters = (kind: string) => ChannelAdapter | null;

/** Every channel kind that Holdfast speaks. */
export function createAdapters({ egress, apiUrls = {}, guard }: ChannelOptions): Adapters {
  const all = [
    simulatorAdapter,
    createTelegramAdapter({ egress, apiUrl: apiUrls.telegram }),
    createWhatsAppAdapter({ egress, apiUrls }),
    createEmailAdapter({ egress, guard }),
    createSmsAdapter({ egress, apiUrls }),
  ];
  const adapters = new Map(all.map((adapter) => [adapter.kind, adapter]));
  return (kind) => adapters.get(kind) ?? null;
}
