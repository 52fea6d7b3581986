import type { ServerResponse } from 'node:http';
import { playNetworkFault } from '../network-faults.ts';
import type { Bot, Fault } from './bot.ts';
import { answer, refuse } from './reply.ts';

/** How slow this call is, and the fault it meets; both are counted down. */
export function takeFaults(bot: Bot, method: string, chat: string, random: () => number): { delayMs: number; fault: Fault | null } {
  const matching = bot.faults.filter(
    (one) => (one.method === undefined || one.method === method) && (one.chat === undefined || one.chat === chat) && (one.times ?? 1) > 0,
  );
  const take = (fault: Fault | undefined): Fault | null => {
    if (!fault || (fault.probability !== undefined && random() >= fault.probability)) return null;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) bot.faults = bot.faults.filter((one) => one !== fault);
    return fault;
  };
  const slow = take(matching.find(({ kind }) => kind === 'slow'));
  return { delayMs: slow ? (slow.delayMs ?? 1_000) : 0, fault: take(matching.find(({ kind }) => kind !== 'slow')) };
}

/** Plays a fault that ends the call. Answers false for those that let it go on: slow, and cut after it was taken. */
export function playFault(response: ServerResponse, fault: Fault): boolean {
  switch (fault.kind) {
    case 'slow':
    case 'cut-after':
      return false;
    case 'limited':
      answer(response, refuse(429, `Too Many Requests: retry after ${fault.retryAfter ?? 1}`, { retry_after: fault.retryAfter ?? 1 }));
      return true;
    case 'refused': {
      const description = fault.description ?? 'Bad Request: refused';
      answer(response, refuse(description.startsWith('Forbidden') ? 403 : description.startsWith('Unauthorized') ? 401 : 400, description));
      return true;
    }
    case 'blocked':
      answer(response, refuse(403, 'Forbidden: bot was blocked by the user'));
      return true;
    case 'kicked':
      answer(response, refuse(403, 'Forbidden: bot was kicked from the supergroup chat'));
      return true;
    case 'server-error':
      answer(response, refuse(500, 'Internal Server Error'));
      return true;
    case 'unauthorized':
      answer(response, refuse(401, 'Unauthorized'));
      return true;
    case 'gateway':
    case 'garbage':
    case 'cut-before':
    case 'hang':
      playNetworkFault(response, fault.kind);
      return true;
  }
}
