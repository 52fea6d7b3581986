import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** A fake in a process of its own: its clock and its event loop are not those of what it judges, and it outlives what is killed around it. */
export interface ForkedFake {
  url: string;
  /** Asks `/_control/<name>`: with a body it tells, without it asks. */
  control: (name: string, body?: object) => Promise<unknown>;
  close: () => Promise<void>;
}

/** Starts a module that prints `{ "url": … }` as its first line and ends with its parent. */
export async function forkFake(module: string, args: readonly string[]): Promise<ForkedFake> {
  const child = fork(module, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (!child.stdout) throw new Error('The fake has no output.');
  const [line] = await once(child.stdout, 'data');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  return {
    url,
    control: async (name, body) => {
      // On a connection of its own: one that was kept may be given up just while we stood still.
      const headers = { connection: 'close' };
      const response = await fetch(`${url}/_control/${name}`, { headers, ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}) });
      if (!response.ok) throw new Error(`The fake answered ${response.status} to ${name}.`);
      return response.json();
    },
    close: async () => {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
