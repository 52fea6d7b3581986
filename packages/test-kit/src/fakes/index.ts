export * from './canary.ts';
export * from './http-service.ts';
export type { Accepted, Bot, Fault, FaultKind, Update } from './telegram/bot.ts';
export * from './telegram/fork-telegram-fake.ts';
export { createRandom, shuffled } from './telegram/random.ts';
export type { Rates } from './telegram/rates.ts';
export * from './telegram/telegram-fake.ts';
export * from './llm.ts';
