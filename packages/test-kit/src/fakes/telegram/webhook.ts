import type { Bot } from './bot.ts';

const firstDelayMs = 1_000;
const ceilingMs = 60_000;

/** Delivers one update at a time until it is taken, as Telegram does: a non-2xx is tried again after 1 s, doubling, honouring Retry-After. */
export function deliverByWebhook(bot: Bot, timeScale: number): void {
  const hook = bot.webhook;
  if (!hook || hook.timer) return;
  hook.timer = setTimeout(() => {
    void deliverNext(bot, timeScale).then((waitMs) => {
      if (bot.webhook !== hook) return;
      hook.timer = null;
      if (waitMs === null) return;
      hook.timer = setTimeout(() => {
        hook.timer = null;
        deliverByWebhook(bot, timeScale);
      }, waitMs);
    });
  }, 0);
}

/** Answers how long to wait before the next one; null when nothing is left. */
async function deliverNext(bot: Bot, timeScale: number): Promise<number | null> {
  const hook = bot.webhook;
  const update = bot.updates[0];
  if (!hook || !update) return null;
  const copies = bot.mess.duplicate ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const outcome = await post(hook.url, hook.secret, update);
    if (outcome.ok) continue;
    hook.failures += 1;
    hook.problem = outcome.problem;
    return outcome.retryAfterMs ?? Math.min(ceilingMs, firstDelayMs * 2 ** (hook.failures - 1)) * timeScale;
  }
  hook.failures = 0;
  bot.updates = bot.updates.filter((other) => other.update_id !== update.update_id);
  return bot.updates.length > 0 ? 0 : null;
}

async function post(url: string, secret: string, update: object): Promise<{ ok: boolean; problem: string; retryAfterMs?: number }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(20_000),
      headers: { 'content-type': 'application/json', ...(secret === '' ? {} : { 'x-telegram-bot-api-secret-token': secret }) },
    });
    await response.arrayBuffer();
    const asked = Number(response.headers.get('retry-after'));
    return {
      ok: response.ok,
      problem: `Wrong response from the webhook: ${response.status}`,
      ...(asked > 0 ? { retryAfterMs: asked * 1_000 } : {}),
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'no answer' };
  }
}
