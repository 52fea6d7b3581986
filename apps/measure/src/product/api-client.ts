import { setTimeout as pause } from 'node:timers/promises';

/** So long a call that is told "later" is made again. */
const patienceMs = 60_000;

/** Calls the product's public API as any client would. */
export class ApiClient {
  key = '';
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const until = performance.now() + patienceMs;
    for (;;) {
      const { status, text } = await this.#callOnce(method, path, body);
      if (status < 300) return JSON.parse(text) as T; // The contract's own tests check the shape; here it is a measuring client.
      if (status !== 503 || performance.now() > until) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 500)}`);
      await pause(250);
    }
  }

  async #callOnce(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        // One that was kept may be given up just while this process stood still.
        connection: 'close',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Makes a flow of a file and publishes it; answers its id. */
  async publish(file: unknown): Promise<string> {
    const flow = await this.call<{ id: string }>('POST', '/api/flows', { file });
    await this.call('POST', `/api/flows/${flow.id}/publish`, { note: 'measured' });
    return flow.id;
  }

  /** Lets no flow that is there already answer, so that only the measured one does. */
  async pauseAllFlows(): Promise<void> {
    const { items } = await this.call<{ items: { id: string; status: string }[] }>('GET', '/api/flows');
    for (const flow of items.filter(({ status }) => status === 'live'))
      await this.call('POST', `/api/flows/${flow.id}/pause`, { paused: true });
  }

  /** Everything that a cursor-paged list holds. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const join = path.includes('?') ? '&' : '?';
      const page: { items: T[]; next: string | null } = await this.call(
        'GET',
        `${path}${join}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }
}
