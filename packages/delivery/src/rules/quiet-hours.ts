import { say } from '@holdfast/errors';
import { sendingSettings, weekdays, type QuietHours } from '@holdfast/node-kit';
import type { Rule, SendContext } from './rule.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;

/** Marketing (or what the setting names) waits while it is night where the person is: their own time zone, else the setting's, else the workspace's. */
export const quietHours: Rule = ({ target, limits, purpose, isFirst }) => {
  const found = isFirst ? hoursOf(target, limits) : null;
  if (!found?.hours.purposes.includes(purpose)) return null;
  const left = minutesLeft(found.hours, timeOf(target.now, found.timezone));
  if (left === 0) return null;
  return {
    state: 'later',
    inMs: left * minuteMs,
    code: 'send.quiet',
    reason: say`It is quiet time for this person (${found.hours.from} to ${found.hours.to}, ${found.timezone}).`,
  };
};

function hoursOf(target: SendContext['target'], limits: SendContext['limits']): { hours: QuietHours; timezone: string } | null {
  const { data } = sendingSettings.safeParse(target.sending);
  const hours = limits?.quietHours ?? data?.quietHours;
  if (!hours || limits === null) return null;
  return { hours, timezone: target.timezone ?? hours.timezone ?? data?.timezone ?? 'UTC' };
}

/** A time of a week as people's clocks show it. */
interface LocalTime {
  /** Counted in `weekdays`. */
  day: number;
  minute: number;
}

/** Minutes until the quiet time ends; 0 outside of it. When clocks change meanwhile, the rule is asked again at its end. */
function minutesLeft({ from, to, days }: QuietHours, { day, minute }: LocalTime): number {
  const [start, end] = [parseClock(from), parseClock(to)];
  const length = (end - start + dayMinutes) % dayMinutes || dayMinutes;
  const passed = (minute - start + dayMinutes) % dayMinutes;
  const began = weekdays[(minute >= start ? day : day + weekdays.length - 1) % weekdays.length];
  const isQuietDay = days === undefined || (began !== undefined && days.includes(began));
  return isQuietDay && passed < length ? length - passed : 0;
}

const parseClock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function timeOf(now: Date, timezone: string): LocalTime {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const read = (timeZone: string): LocalTime => {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).formatToParts(now).map(({ type, value }) => [type, value]),
    );
    const day = weekdays.findIndex((name) => name === parts['weekday']?.toLowerCase());
    return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
  };
  // A contact's time zone was written by somebody: what nobody knows counts as UTC.
  try {
    return read(timezone);
  } catch {
    return read('UTC');
  }
}
