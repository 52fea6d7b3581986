import { parseRetryAfter } from '@holdfast/egress';
import type { CallWindow } from '@holdfast/db';

/** What a service of this kind allows by its own documentation, until people or its answers say otherwise. */
const windowsOfKind: Readonly<Record<string, readonly CallWindow[]>> = {
  // developer.intuit.com, limits and throttles: 10 a second and 500 a minute per company.
  quickbooks: [
    { count: 10, perMs: 1_000 },
    { count: 500, perMs: 60_000 },
  ],
  // developers.google.com, Sheets API limits: 60 a minute per user, and a service account is one user.
  'google-sheets': [{ count: 60, perMs: 60_000 }],
};

export const ownWindows = (kind: string): readonly CallWindow[] => windowsOfKind[kind] ?? [];

const minuteLong = new Set(['quickbooks', 'google-sheets']);

/** How long everybody leaves a provider alone that said 429. `timesInRow`: 1 for the first one since it last answered. */
export function pauseAfterLimit(kind: string, retryAfterMs: number | undefined, timesInRow: number): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  // Their quotas are refilled by the minute.
  if (minuteLong.has(kind)) return 60_000;
  // One 429 without a time may be about that call alone: its own retry waits.
  return timesInRow === 1 ? 0 : Math.min(60_000, 1_000 * 2 ** (timesInRow - 2));
}

/** The room that is left, as common headers tell it: milliseconds until there is some, when there is none. */
export function exhaustedFor(headers: Readonly<Record<string, string>>, now: number): number | null {
  for (const prefix of ['ratelimit', 'x-ratelimit', 'x-rate-limit']) {
    if (headers[`${prefix}-remaining`]?.trim() !== '0') continue;
    const reset = headers[`${prefix}-reset`];
    const seconds = Number(reset);
    if (reset === undefined || !Number.isFinite(seconds)) return parseRetryAfter(headers['retry-after'], now) ?? null;
    // Some say a moment in seconds since 1970, some so many seconds from now.
    const ms = seconds > 1_000_000_000 ? seconds * 1_000 - now : seconds * 1_000;
    return Math.min(Math.max(0, ms), 3_600_000);
  }
  return spentAtModel(headers, now);
}

/** Of a model’s account: questions and tokens have a budget each (console.groq.com, Rate limits; docs.claude.com, Rate limits). */
const budgets = ['requests', 'tokens', 'input-tokens', 'output-tokens'] as const;

function spentAtModel(headers: Readonly<Record<string, string>>, now: number): number | null {
  const waits = budgets.flatMap((budget) => {
    if (headers[`anthropic-ratelimit-${budget}-remaining`]?.trim() === '0')
      return [Date.parse(headers[`anthropic-ratelimit-${budget}-reset`] ?? '') - now];
    return headers[`x-ratelimit-remaining-${budget}`]?.trim() === '0' ? [durationMs(headers[`x-ratelimit-reset-${budget}`] ?? '')] : [];
  });
  const known = waits.filter((ms) => ms > 0);
  return known.length === 0 ? null : Math.min(Math.max(...known), 3_600_000);
}

/** `2m59.56s`, `120ms`; 0 for anything else. */
function durationMs(text: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  const found = [...text.matchAll(/([\d.]+)(ms|h|m|s)/g)];
  return found.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0);
}

/** What a 429 teaches: nine tenths of what passed just before, and for how long that is believed; then it is tried without. */
export interface Lesson {
  /** How far back is looked. */
  ofSeconds: number;
  forMs: number;
  /** Null: too little passed to learn from. */
  windows: (answered: number) => CallWindow[] | null;
}

const leastAnswered = 20;

/** Who asks for less than a minute does not count by the minute. */
export function lessonOf(kind: string, retryAfterMs?: number): Lesson {
  const isMinuteLong = minuteLong.has(kind) && (retryAfterMs === undefined || retryAfterMs >= 60_000);
  const shorter = ownWindows(kind).filter(({ perMs }) => perMs < 60_000);
  return {
    ofSeconds: isMinuteLong ? 60 : 10,
    forMs: isMinuteLong ? 600_000 : 120_000,
    windows: (answered) => {
      if (answered < leastAnswered) return null;
      if (isMinuteLong) return [...shorter, { count: Math.floor(answered * 0.9), perMs: 60_000 }];
      return [{ count: Math.floor(answered * 0.09), perMs: 1_000 }];
    },
  };
}
