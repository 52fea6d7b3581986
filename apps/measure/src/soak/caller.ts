import { setTimeout as pause } from 'node:timers/promises';

export interface Acknowledged {
  /** Named after the order and the try, so that no two calls say the same. */
  order: string;
  run: string;
  answer: string;
}

/** A system that calls a webhook until it is answered: who hears nothing calls again, under another name. */
export interface Caller {
  acknowledged: Acknowledged[];
  /** Calls that nobody answered; whether they began a run is the product's secret. */
  unanswered: number;
  /** Orders that were called for minutes in vain, though they only wanted to be acknowledged. */
  unheard: string[];
  /** Orders that wanted the result on the line, and were cut off by a hit each time that they called. */
  cutOff: string[];
  /** Resolves when every order was acknowledged, or given up. */
  callAll: (orders: readonly Order[]) => Promise<void>;
}

export interface Order {
  name: string;
  url: string;
  wantsResult: boolean;
  waits: boolean;
  /** After the beginning of `callAll`. */
  atMs: number;
}

/** The webhook itself answers within 20 s; a frozen process never does. */
const patienceMs = 25_000;
/** Longer than any outage of the soak: who is not heard for so long never will be. */
const giveUpMs = 240_000;

export function createCaller(): Caller {
  const caller: Caller = {
    acknowledged: [],
    unanswered: 0,
    unheard: [],
    cutOff: [],
    callAll: async (orders) => {
      await Promise.all(orders.map((order) => callUntilHeard(caller, order)));
    },
  };
  return caller;
}

async function callUntilHeard(caller: Caller, { name, url, wantsResult, waits, atMs }: Order): Promise<void> {
  await pause(atMs);
  const until = performance.now() + giveUpMs;
  for (let attempt = 1; performance.now() < until; attempt++) {
    const order = `${name}.${attempt}`;
    const heard = await call(url, { order, waits: waits ? 'yes' : 'no' });
    if (heard) return void caller.acknowledged.push({ order, ...heard });
    caller.unanswered += 1;
    await pause(Math.min(2_000, 250 * attempt));
  }
  (wantsResult ? caller.cutOff : caller.unheard).push(name);
}

async function call(url: string, body: object): Promise<{ run: string; answer: string } | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await answer.text();
    const run = answer.headers.get('x-holdfast-run');
    // A run that failed is a 502 with its number: heard as well.
    return run === null ? null : { run, answer: `${answer.status} ${text}` };
  } catch {
    return null;
  }
}
