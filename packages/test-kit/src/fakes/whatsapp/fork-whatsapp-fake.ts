import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { Customer } from './events.ts';
import type { Fault } from './faults.ts';
import type { WhatsAppRates } from './limits.ts';
import type { AcceptedMessage, NumberGiven, StatusManner } from './number.ts';

/** A fake in a process of its own: its clock and its event loop are not those of what it judges, and it outlives what is killed around it. */
export interface ForkedWhatsAppFake {
  url: string;
  addNumber: (given: NumberGiven) => Promise<void>;
  /** Answers the HTTP statuses of every try. */
  say: (customer: Customer, content: Record<string, unknown> | string) => Promise<number[]>;
  push: (changes: { field: string; value: object }[]) => Promise<number[]>;
  fail: (fault: Fault) => Promise<void>;
  mess: (mess: { duplicate: boolean; shuffle: boolean }) => Promise<void>;
  manner: (manner: Partial<StatusManner>) => Promise<void>;
  accepted: () => Promise<AcceptedMessage[]>;
  rates: () => Promise<WhatsAppRates>;
  /** Waits until every webhook that is due was delivered or given up. */
  settled: () => Promise<void>;
  close: () => Promise<void>;
}

export async function forkWhatsAppFake({ port = 0, seed = 1 }: { port?: number; seed?: number } = {}): Promise<ForkedWhatsAppFake> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [String(port), String(seed)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (!child.stdout) throw new Error('The fake has no output.');
  const [line] = await once(child.stdout, 'data');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  const control = async (name: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/_control/${name}`, body ? { method: 'POST', body: JSON.stringify(body) } : {});
    if (!response.ok) throw new Error(`The fake answered ${response.status} to ${name}.`);
    return response.json();
  };
  const tell = async (name: string, body: object): Promise<void> => void (await control(name, body));
  const deliver = async (name: string, body: object): Promise<number[]> =>
    z.object({ statuses: z.array(z.number()) }).parse(await control(name, body)).statuses;
  return {
    url,
    addNumber: (given) => tell('number', given),
    say: (customer, content) => deliver('say', { customer, content }),
    push: (changes) => deliver('push', changes),
    fail: (fault) => tell('faults', fault),
    mess: (mess) => tell('mess', mess),
    manner: (manner) => tell('manner', manner),
    accepted: async () => (await control('accepted')) as AcceptedMessage[], // our own fake's words
    rates: async () => (await control('rates')) as WhatsAppRates, // our own fake's words
    settled: () => tell('settled', {}),
    close: async () => {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
