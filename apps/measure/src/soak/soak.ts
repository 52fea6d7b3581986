import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, forkTelegramFake, shuffled, startHttpService, type ForkedTelegramFake } from '@holdfast/test-kit/fakes';
import { Product, parts, type Part } from '../product/product.ts';
import { echoFlow } from './echo-flow.ts';
import { standing, verdict } from './observe.ts';
import type { SoakOptions } from './options.ts';
import { createStruck, type Struck } from './struck.ts';

export interface SoakReport {
  seed: number;
  messages: number;
  kills: Record<Part, number>;
  accepted: number;
  unknown: number;
  inFlightAtKills: number;
  acceptedTwice: string[];
  neverAnswered: string[];
  runs: Record<string, number>;
  attention: { runId: string; cause: string }[];
  runsWithoutCause: number;
  outOfOrder: number;
  seconds: number;
  passed: boolean;
}

const token = '8100:soak-token-of-a-fake-bot';

/** Every message is named after its chat and its place in it, so that the fake's journal tells order and copies. */
const nameOf = (chat: number, index: number): string => `c${chat}-${String(index).padStart(4, '0')}`;

/**
 * Messages come in while PostgreSQL, Temporal and the app are killed at random; then everything must settle by itself.
 * The fake honours no idempotency: what is sent twice is seen twice.
 */
export async function soak(options: SoakOptions, say: (text: string) => void): Promise<SoakReport> {
  const startedAt = performance.now();
  const random = createRandom(options.seed);
  const telegram = await forkTelegramFake({ seed: options.seed });
  const orders = await startHttpService();
  orders.on('GET /orders', { body: { status: 'shipped' } });
  const product = await Product.start({ HOLDFAST_TELEGRAM_API_URL: telegram.url, HOLDFAST_EGRESS_ALLOW: new URL(orders.url).host });
  try {
    await product.api.pauseAllFlows();
    await product.api.publish(echoFlow(orders.url));
    await product.api.call('POST', '/api/channels', { kind: 'telegram', name: 'Soak', token });
    // Every send takes that long, so that some are in flight when something dies.
    await telegram.fail(token, { method: 'sendMessage', kind: 'slow', delayMs: 120, times: 1_000_000 });

    const sent = Array.from({ length: options.messages }, (_, index) => ({
      chat: 1 + (index % options.chats),
      index: Math.floor(index / options.chats),
    }));
    const victims = shuffled(
      parts.flatMap((part) => Array.from({ length: options.killsPerPart }, () => part)),
      random,
    );
    const writing = write(telegram, sent, (victims.length * options.killEveryMs) / Math.max(1, sent.length));
    const { kills, struck } = await killAll(product, victims, () => options.killEveryMs * (0.5 + random()), say);
    await writing;
    say('All messages are written and all kills done; waiting until everything has settled …');
    await product.healthy(180_000);
    await settled(product, telegram, options.messages, say);

    const [found, seen] = [await verdict(product), await telegram.accepted(token)];
    const inFlightAtKills = await struck.count();
    const texts = seen.map((each) => each.text.replace('Echo ', ''));
    const acceptedTwice = texts.filter((text, index) => texts.indexOf(text) !== index);
    const answered = new Set(texts);
    const neverAnswered = sent.map(({ chat, index }) => nameOf(chat, index)).filter((name) => !answered.has(name));
    const outOfOrder = countOutOfOrder(texts);
    return {
      seed: options.seed,
      messages: options.messages,
      kills,
      accepted: found.accepted,
      unknown: found.unknown,
      inFlightAtKills,
      acceptedTwice,
      neverAnswered,
      runs: found.runs,
      attention: found.attention,
      runsWithoutCause: found.withoutCause,
      outOfOrder,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      passed:
        found.accepted + found.unknown === options.messages &&
        acceptedTwice.length === 0 &&
        found.unknown <= inFlightAtKills &&
        neverAnswered.length <= found.unknown &&
        found.withoutCause === 0 &&
        outOfOrder === 0,
    };
  } finally {
    await product.remove();
    await orders.close();
    await telegram.close();
  }
}

async function write(telegram: ForkedTelegramFake, sent: readonly { chat: number; index: number }[], everyMs: number): Promise<void> {
  for (const { chat, index } of sent) {
    await telegram.say(token, chat, nameOf(chat, index));
    await pause(everyMs);
  }
}

async function killAll(
  product: Product,
  victims: readonly Part[],
  delay: () => number,
  say: (text: string) => void,
): Promise<{ kills: Record<Part, number>; struck: Struck }> {
  const kills = { app: 0, temporal: 0, postgres: 0 };
  const struck = createStruck(product);
  for (const part of victims) {
    await pause(delay());
    await struck.during(async () => {
      // A part that is still coming back can't be killed again; wait for it, the count is promised.
      while (!product.kill(part)) await pause(100);
    });
    kills[part]++;
    say(`killed ${part} (${kills.app} app, ${kills.temporal} temporal, ${kills.postgres} postgres)`);
  }
  return { kills, struck };
}

/** Until nothing moves any more: no message waits, no run is open, no send is unsettled. Ten minutes at most. */
async function settled(product: Product, telegram: ForkedTelegramFake, messages: number, say: (text: string) => void): Promise<void> {
  const deadline = performance.now() + 600_000;
  let told = '';
  while (performance.now() < deadline) {
    const [now, waiting] = [await standing(product), await telegram.waiting(token)];
    if (now && waiting === 0 && now.replies === messages && now.unsettled === 0 && now.openRuns === 0 && now.pendingInbox === 0) return;
    const text = JSON.stringify({ ...now, waiting });
    if (text !== told) say(text);
    told = text;
    await pause(1_000);
  }
  say('It did not settle within ten minutes.');
}

/** Replies of one chat must stand in the order of its messages. */
function countOutOfOrder(texts: readonly string[]): number {
  const last = new Map<string, string>();
  return texts.filter((text) => {
    const chat = text.slice(0, text.indexOf('-'));
    const before = last.get(chat) ?? '';
    last.set(chat, text);
    return text < before;
  }).length;
}
