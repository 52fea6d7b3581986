import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A length of time as text with a unit: `1500ms`, `20s`, `4m`, `2h`, `7d`. At most 365 days. */
export const duration = z
  .string()
  .regex(pattern, 'Write a number and a unit, for example 30s, 5m, 2h or 1d')
  .refine((text) => parseDuration(text) <= 365 * unitMs.d, 'Choose at most 365 days');
export type Duration = z.infer<typeof duration>;

/** Milliseconds of a duration text. Throws on a text that `duration` would refuse. */
export function parseDuration(text: string): number {
  const found = pattern.exec(text);
  if (!found?.[1] || !found[2])
    throw new RangeError(`"${text}" is not a duration: write a number and a unit, for example 30s, 5m, 2h or 1d.`);
  return Math.round(Number(found[1]) * unitMs[found[2] as keyof typeof unitMs]); // the pattern admits these units only
}

/** The shortest text for a number of milliseconds, in the largest unit that divides it: 90000 → `90s`. */
export function formatDuration(ms: number): Duration {
  for (const unit of ['d', 'h', 'm', 's'] as const) if (ms >= unitMs[unit] && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  return `${Math.round(ms)}ms`;
}
