export type * from './channel-adapter.ts';
export * from './create-adapters.ts';
export * from './split-text.ts';
export { simulatorAdapter } from './simulator/simulator-adapter.ts';
export {
  checkTelegramToken,
  deleteTelegramWebhook,
  sendTelegramNotice,
  setTelegramWebhook,
  type TelegramBot,
} from './telegram/connect.ts';
export { startTelegramPolling, type TelegramPollingDeps } from './telegram/polling.ts';
export { receiveTelegramUpdates, type Log, type ReceiveDeps, type ReceivingChannel } from './telegram/receive.ts';
export { createTelegramActions, type TelegramActions } from './telegram/telegram-actions.ts';
export { createTelegramAdapter, telegramRates, type TelegramOptions } from './telegram/telegram-adapter.ts';
export { receiveTelegramWebhook, verifyTelegramSecret } from './telegram/webhook.ts';
