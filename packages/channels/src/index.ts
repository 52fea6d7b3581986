export type * from './channel-adapter.ts';
export * from './create-adapters.ts';
export * from './split-text.ts';
export { simulatorAdapter } from './simulator/simulator-adapter.ts';
export { checkTelegramToken, deleteTelegramWebhook, sendTelegramNotice, setTelegramWebhook, showTyping, type TelegramBot } from './telegram/connect.ts';
export { createTelegramAdapter, telegramRates, type TelegramOptions } from './telegram/telegram-adapter.ts';
