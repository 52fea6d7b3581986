import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { Accepted, Fault } from './bot.ts';
import type { Rates } from './rates.ts';

/** A fake in a process of its own: its clock and its event loop are not those of what it judges, and it outlives what is killed around it. */
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
  const child = fork(join(import.meta.dirname, 'main.ts'), [String(port), String(seed)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (!child.stdout) throw new Error('The fake has no output.');
  const [line] = await once(child.stdout, 'data');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  const control = async (token: string, name: string, body?: object): Promise<unknown> => {
    const response = await fetch(
      `${url}/_control/${name}?token=${encodeURIComponent(token)}`,
      body ? { method: 'POST', body: JSON.stringify(body) } : {},
    );
    if (!response.ok) throw new Error(`The fake answered ${response.status} to ${name}.`);
    return response.json();
  };
  const tell = async (token: string, name: string, body: object): Promise<void> => void (await control(token, name, body));
  return {
    url,
    say: (token, chat, text) => tell(token, 'say', { chat, text }),
    openChat: (token, chat, options = {}) => tell(token, 'chat', { chat, ...options }),
    fail: (token, fault) => tell(token, 'faults', fault),
    mess: (token, mess) => tell(token, 'mess', mess),
    accepted: async (token) => (await control(token, 'accepted')) as Accepted[], // our own fake's words
    waiting: async (token) => z.object({ pending: z.number() }).parse(await control(token, 'state')).pending,
    rates: async (token) => (await control(token, 'rates')) as Rates, // our own fake's words
    close: async () => {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
