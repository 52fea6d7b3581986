import { refusalOf, refuse, type Reply } from './graph-error.ts';
import type { AcceptedMessage, FakeNumber } from './number.ts';

export interface LimitSettings {
  /** Messages a second of one number; 80 as Meta gives. */
  perSecond: number;
  /** To one person: one in so many milliseconds … */
  pairEveryMs: number;
  /** … and so many at once, borrowed from the time after. */
  pairBurst: number;
}

/** Refuses what exceeds Meta's limits: in any second of a number, and of one pair by its debt. Null when it may pass. */
export function refusalByLimits(number: FakeNumber, to: string, { perSecond, pairEveryMs, pairBurst }: LimitSettings): Reply | null {
  const now = Date.now();
  const lately = number.accepted.filter(({ at }) => now - at < 1_000).length;
  if (lately >= perSecond)
    return refuse(
      refusalOf(130429, {
        details: 'Message failed to send because there were too many messages sent from this phone number in a short period of time',
      }),
    );
  const mine = number.accepted.filter((one) => one.to === to);
  if (debtOf(mine, now, pairEveryMs) + pairEveryMs > pairBurst * pairEveryMs)
    return refuse(
      refusalOf(131056, {
        details:
          'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
      }),
    );
  return null;
}

/** How far ahead of its pace a pair is, in milliseconds. */
function debtOf(sent: readonly AcceptedMessage[], now: number, everyMs: number): number {
  let free = 0;
  for (const { at } of sent) free = Math.max(free, at) + everyMs;
  return Math.max(0, free - now);
}

/** The most that was taken within any second, and within any 6 s to one person, by the fake's own clock. */
export interface WhatsAppRates {
  total: number;
  maxPerSecond: number;
  maxPerPairIn6s: number;
  /** The longest debt any pair ever had, in messages; Meta's limit is 45. */
  maxPairBurst: number;
}

export function ratesOf(accepted: readonly AcceptedMessage[], everyMs: number): WhatsAppRates {
  const pairs = Object.values(Object.groupBy(accepted, ({ to }) => to)).map((sent) => sent ?? []);
  return {
    total: accepted.length,
    maxPerSecond: densest(accepted, 1_000),
    maxPerPairIn6s: Math.max(0, ...pairs.map((sent) => densest(sent, 6_000))),
    maxPairBurst: Math.max(0, ...pairs.map((sent) => longestDebt(sent, everyMs))),
  };
}

function longestDebt(sent: readonly AcceptedMessage[], everyMs: number): number {
  let free = 0;
  let longest = 0;
  for (const { at } of sent) {
    free = Math.max(free, at) + everyMs;
    longest = Math.max(longest, free - at);
  }
  return longest / everyMs;
}

function densest(messages: readonly AcceptedMessage[], windowMs: number): number {
  const times = messages.map(({ at }) => at).toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
