import { join } from 'node:path';
import { z } from 'zod';
import { forkFake } from '../fork-fake.ts';
import type { Accepted, Fault } from './bot.ts';
import type { Rates } from './rates.ts';

/** The Telegram fake in a process of its own (forkFake). */
export interface ForkedTelegramFake {
  url: string;
  say: (token: string, chat: number, text: string) => Promise<void>;
  /** A chat that the bot may write to although nobody wrote from there. */
  openChat: (token: string, chat: string, options?: { isGroup?: boolean; blocked?: string; movedTo?: string }) => Promise<void>;
  fail: (token: string, fault: Fault) => Promise<void>;
  mess: (token: string, mess: { duplicate: boolean; shuffle: boolean }) => Promise<void>;
  /** Updates that nobody has fetched yet. */
  waiting: (token: string) => Promise<number>;
  accepted: (token: string) => Promise<Accepted[]>;
  rates: (token: string) => Promise<Rates>;
  close: () => Promise<void>;
}

export async function forkTelegramFake({ port = 0, seed = 1 }: { port?: number; seed?: number } = {}): Promise<ForkedTelegramFake> {
  const fake = await forkFake(join(import.meta.dirname, 'main.ts'), [String(port), String(seed)]);
  const control = (token: string, name: string, body?: object): Promise<unknown> =>
    fake.control(`${name}?token=${encodeURIComponent(token)}`, body);
  const tell = async (token: string, name: string, body: object): Promise<void> => void (await control(token, name, body));
  return {
    url: fake.url,
    say: (token, chat, text) => tell(token, 'say', { chat, text }),
    openChat: (token, chat, options = {}) => tell(token, 'chat', { chat, ...options }),
    fail: (token, fault) => tell(token, 'faults', fault),
    mess: (token, mess) => tell(token, 'mess', mess),
    accepted: async (token) => (await control(token, 'accepted')) as Accepted[], // our own fake's words
    waiting: async (token) => z.object({ pending: z.number() }).parse(await control(token, 'state')).pending,
    rates: async (token) => (await control(token, 'rates')) as Rates, // our own fake's words
    close: fake.close,
  };
}
