import type { ExpectedActivity } from '@holdfast/node-kit';
import { Cron } from 'croner';

export interface ActivityWindow {
  from: Date;
  until: Date;
}

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** Clocks are put on or back by less than this. */
const slackMs = 3 * 60 * minuteMs;

/**
 * The first window that begins at or after a moment; null when none ever does. A time that the clock leaves out in spring is the one that it goes on with,
 * one that comes twice in autumn is its first; a window that lies wholly in what is left out is none.
 */
export function windowAfter(expects: Omit<ExpectedActivity, 'atLeast'>, after: Date): ActivityWindow | null {
  let at = new Date(after.getTime() - 1);
  for (let looks = 0; looks < 3; looks++) {
    const from = next(expects.from, expects.days.join(','), expects.timezone, at);
    const until = from && next(expects.to, '*', expects.timezone, from);
    if (!from || !until) return null;
    if (until.getTime() - from.getTime() <= nominalMs(expects) + slackMs) return { from, until };
    at = from;
  }
  return null;
}

/** Of the windows from `known` on, the last that ended at or before `now`: after an outage people hear of one, not of forty. */
export function latestEnded(expects: Omit<ExpectedActivity, 'atLeast'>, known: ActivityWindow, now: Date): ActivityWindow {
  let latest = known;
  for (let looks = 0; looks < 1_000; looks++) {
    const following = windowAfter(expects, new Date(latest.from.getTime() + 1));
    if (!following || following.until > now) return latest;
    latest = following;
  }
  return latest;
}

const nominalMs = ({ from, to }: { from: string; to: string }): number =>
  ((minutesOf(to) - minutesOf(from) + dayMinutes) % dayMinutes || dayMinutes) * minuteMs;

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Strictly after `after`. */
function next(clock: string, days: string, timezone: string, after: Date): Date | null {
  const pattern = `${Number(clock.slice(3))} ${Number(clock.slice(0, 2))} * * ${days}`;
  return new Cron(pattern, { timezone, paused: true, mode: '5-part' }).nextRun(after);
}
