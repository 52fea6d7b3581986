import type { ServerResponse } from 'node:http';
import type { Bot, Update } from './bot.ts';
import { shuffled } from './random.ts';
import { answer, refuse } from './reply.ts';

const maxTimeoutSeconds = 50;

/** getUpdates: confirms what lies before `offset`, waits for something new, ends an older call of the same token. */
export function getUpdates(bot: Bot, response: ServerResponse, parameters: Record<string, unknown>, random: () => number): void {
  if (bot.webhook) {
    return answer(
      response,
      refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"),
    );
  }
  endPoll(bot, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
  const offset = Number(parameters['offset'] ?? 0);
  const limit = Math.min(100, Math.max(1, Number(parameters['limit'] ?? 100)));
  if (offset < 0) bot.updates.splice(0, Math.max(0, bot.updates.length + offset));
  else bot.updates = bot.updates.filter((update) => update.update_id >= offset);
  const timeoutMs = Math.min(maxTimeoutSeconds, Number(parameters['timeout'] ?? 0)) * 1_000;
  if (bot.updates.length > 0 || timeoutMs <= 0) return answer(response, { result: batch(bot, limit, random) });
  const timer = setTimeout(() => {
    bot.poll = null;
    answer(response, { result: [] });
  }, timeoutMs);
  bot.poll = { response, offset, limit, timer };
  response.on('close', () => {
    if (bot.poll?.response !== response) return;
    clearTimeout(timer);
    bot.poll = null;
  });
}

export function endPoll(bot: Bot, description: string): void {
  const poll = bot.poll;
  if (!poll) return;
  clearTimeout(poll.timer);
  bot.poll = null;
  answer(poll.response, refuse(409, description));
}

/** Lets a waiting call answer with what has come. */
export function wakePoll(bot: Bot, random: () => number): void {
  const poll = bot.poll;
  if (!poll || bot.updates.length === 0) return;
  clearTimeout(poll.timer);
  bot.poll = null;
  answer(poll.response, { result: batch(bot, poll.limit, random) });
}

function batch(bot: Bot, limit: number, random: () => number): Update[] {
  const plain = bot.updates.slice(0, limit);
  const doubled = bot.mess.duplicate ? [...plain, ...plain] : plain;
  return bot.mess.shuffle ? shuffled(doubled, random) : doubled;
}
