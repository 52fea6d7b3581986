import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Accepted } from '@holdfast/test-kit/fakes';

export const token = '8100:soak-token-of-a-fake-bot';

/** The fake Bot API in a process of its own: it sees what customers would have seen, whatever is killed around it. */
export class Telegram {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(seed: number): Promise<Telegram> {
    const child = fork(fileURLToPath(new URL('telegram/main.ts', import.meta.resolve('@holdfast/test-kit/fakes'))), ['0', String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (!child.stdout) throw new Error('The fake Bot API has no standard output.');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    // as: what fakes/telegram/main.ts prints.
    const { url } = JSON.parse(line.toString()) as { url: string };
    return new Telegram(child, url);
  }

  say = (chat: number, text: string): Promise<unknown> => this.#control('say', { chat, text });
  /** Every send takes that long, so that some are in flight when something dies. */
  slowDown = (delayMs: number): Promise<unknown> =>
    this.#control('faults', { method: 'sendMessage', kind: 'slow', delayMs, times: 1_000_000 });
  accepted = (): Promise<Accepted[]> => this.#control('accepted');
  waiting = async (): Promise<number> => (await this.#control<{ pending: number }>('state')).pending;

  stop(): void {
    this.#child.kill();
  }

  async #control<T>(name: string, body?: unknown): Promise<T> {
    const answer = await fetch(
      `${this.url}/_control/${name}?token=${encodeURIComponent(token)}`,
      body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`The fake Bot API answered ${answer.status} to ${name}: ${await answer.text()}`);
    return (await answer.json()) as T; // our own fake
  }
}
