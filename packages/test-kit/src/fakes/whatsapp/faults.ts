import type { ServerResponse } from 'node:http';
import { playNetworkFault } from '../network-faults.ts';
import { answer, refusalOf, refuse, type GraphError } from './graph-error.ts';
import type { FakeNumber } from './number.ts';

export interface Fault {
  kind: 'error' | 'late-error' | 'server-error' | 'gateway' | 'garbage' | 'slow' | 'hang' | 'cut-before' | 'cut-after';
  /** `error` and `late-error` (a failed status after the message was taken): Meta's code. */
  code?: number;
  /** What Meta adds to the code: retryAfter in seconds, regainMinutes, subcode. */
  more?: Partial<GraphError>;
  /** One recipient, or every one. */
  to?: string;
  /** `messages`, `media` …: one kind of call; `messages` when left out. */
  call?: string;
  /** How often; 1 when left out. */
  times?: number;
  /** 0 to 1: meets only that share of calls, by a seeded draw. */
  probability?: number;
  /** `slow`: milliseconds until it goes on as if nothing had been. */
  delayMs?: number;
}

/** The fault this call meets, counted down. */
export function takeFault(number: FakeNumber, call: string, to: string, random: () => number): Fault | null {
  const found = number.faults.find(
    (one) => (one.call ?? 'messages') === call && (one.to === undefined || one.to === to) && (one.times ?? 1) > 0,
  );
  if (!found || (found.probability !== undefined && random() >= found.probability)) return null;
  found.times = (found.times ?? 1) - 1;
  if (found.times <= 0) number.faults = number.faults.filter((one) => one !== found);
  return found;
}

/** Plays a fault that ends the call. Answers false for those that let it go on. */
export function playFault(response: ServerResponse, fault: Fault): boolean {
  switch (fault.kind) {
    case 'slow':
    case 'late-error':
    case 'cut-after':
      return false;
    case 'error':
      answer(response, refuse(refusalOf(fault.code ?? 131000, fault.more)));
      return true;
    case 'server-error':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
      return true;
    case 'gateway':
    case 'garbage':
    case 'cut-before':
    case 'hang':
      playNetworkFault(response, fault.kind);
      return true;
  }
}
