import { useCallback, useSyncExternalStore } from 'react';

const everySecond = (listener: () => void): (() => void) => {
  const timer = setInterval(listener, 1_000);
  return () => clearInterval(timer);
};
const never = (): (() => void) => () => undefined;

/** "8 s", "4 min", "2 h" until a moment; null when there is none or it is past. Ticks once a second while shown. */
export function useCountdown(untilAt: string | null): string | null {
  const read = useCallback(() => (untilAt === null ? null : timeLeft(Date.parse(untilAt) - Date.now())), [untilAt]);
  return useSyncExternalStore(untilAt === null ? never : everySecond, read);
}

export function timeLeft(ms: number): string | null {
  if (!(ms > 0)) return null;
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
