import type { ServerResponse } from 'node:http';
import type { Bot, Fault } from './bot.ts';
import { answer, refuse } from './reply.ts';

/** The fault that this call meets, counted down; null when it goes well. */
export function takeFault(bot: Bot, method: string, chat: string, random: () => number): Fault | null {
  const fault = bot.faults.find(
    (one) => (one.method === undefined || one.method === method) && (one.chat === undefined || one.chat === chat) && (one.times ?? 1) > 0,
  );
  if (!fault || (fault.probability !== undefined && random() >= fault.probability)) return null;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times <= 0) bot.faults = bot.faults.filter((one) => one !== fault);
  return fault;
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
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return true;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome to the hotel wifi');
      return true;
    case 'cut-before':
      response.socket?.destroy();
      return true;
    case 'hang':
      return true;
  }
}
