import type { ChannelAdapter } from './channel-adapter.ts';
import { simulatorAdapter } from './simulator/simulator-adapter.ts';
import { createTelegramAdapter, type TelegramOptions } from './telegram/telegram-adapter.ts';

export type Adapters = (kind: string) => ChannelAdapter | null;

/** Every channel kind that Holdfast speaks. */
export function createAdapters(options: { telegram: TelegramOptions }): Adapters {
  const adapters = new Map([simulatorAdapter, createTelegramAdapter(options.telegram)].map((adapter) => [adapter.kind, adapter]));
  return (kind) => adapters.get(kind) ?? null;
}
