export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Meta's seconds, as a number or a text; a time that is none must not throw an event away. */
export function isoOf(seconds: string | undefined): string {
  const date = new Date(Number(seconds) * 1_000);
  return seconds === undefined || Number.isNaN(date.getTime()) || date.getTime() <= 0 ? new Date().toISOString() : date.toISOString();
}
