import { sendingSettings, type QuietHours } from '@holdfast/node-kit';
import type { Rule, SendContext } from './rule.ts';

const minuteMs = 60_000;

/** Marketing (or what the setting names) waits while it is night where the person is: their own time zone, else the setting's, else the workspace's. */
export const quietHours: Rule = ({ target, limits, purpose, isFirst }) => {
  const found = isFirst ? hoursOf(target, limits) : null;
  if (!found?.hours.purposes.includes(purpose)) return null;
  const left = minutesLeft(found.hours, minuteOfDay(target.now, found.timezone));
  if (left === 0) return null;
  return {
    state: 'later',
    inMs: left * minuteMs,
    code: 'send.quiet',
    reason: `It is quiet time for this person (${found.hours.from} to ${found.hours.to}, ${found.timezone}).`,
  };
};

function hoursOf(target: SendContext['target'], limits: SendContext['limits']): { hours: QuietHours; timezone: string } | null {
  const { data } = sendingSettings.safeParse(target.sending);
  const hours = limits?.quietHours ?? data?.quietHours;
  if (!hours || limits === null) return null;
  return { hours, timezone: target.timezone ?? hours.timezone ?? data?.timezone ?? 'UTC' };
}

/** Minutes until the quiet time ends; 0 outside of it. When clocks change meanwhile, the rule is asked again at its end. */
function minutesLeft({ from, to }: QuietHours, minute: number): number {
  const [start, end] = [parseClock(from), parseClock(to)];
  const isWithin = start <= end ? minute >= start && minute < end : minute >= start || minute < end;
  return isWithin ? (end - minute + 1_440) % 1_440 : 0;
}

const parseClock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function minuteOfDay(now: Date, timezone: string): number {
  const options = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  // A contact's time zone was written by somebody: what nobody knows counts as UTC.
  const format = (timeZone: string) => new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(now);
  try {
    return parseClock(format(timezone));
  } catch {
    return parseClock(format('UTC'));
  }
}
