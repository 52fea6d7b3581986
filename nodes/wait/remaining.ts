import { HoldfastError, say } from '@holdfast/errors';
import { formatDuration, type Duration } from '@holdfast/node-kit';
import { Cron } from 'croner';

interface Until {
  until: 'duration' | 'time' | 'date';
  duration: Duration;
  time: string;
  date: string;
  timezone: string;
}

const longest = 365 * 86_400_000;
const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;
const withZone = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/i;

const unreadable = (date: string): HoldfastError =>
  new HoldfastError('step.config', {
    detail: say`"${date}" is not a date to wait for.`,
    hint: 'Write it as year-month-day, for example 2026-12-24.',
    path: 'date',
  });

/** The moment meant by a date at a time of day in a zone, or by a full timestamp. */
function moment(given: Until, now: Date): Date | null {
  const [hours, minutes] = given.time.split(':');
  if (given.until === 'time')
    return new Cron(`${Number(minutes)} ${Number(hours)} * * *`, { timezone: given.timezone, paused: true }).nextRun(now);
  const date = given.date.trim();
  if (withZone.test(date)) {
    const full = new Date(date);
    if (Number.isNaN(full.getTime())) throw unreadable(date);
    return full;
  }
  const found = dateOnly.exec(date);
  if (!found) throw unreadable(date);
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) throw unreadable(date);
  return new Cron(`${date}T${given.time}:00`, { timezone: given.timezone, paused: true }).nextRun(new Date(0));
}

/** How long from now; null when the moment is over. Throws `step.config` for a text that is no date, or a year and more ahead. */
export function remaining(given: Until, now: Date): Duration | null {
  if (given.until === 'duration') return given.duration;
  const target = moment(given, now);
  if (target === null || target <= now) return null;
  const ms = target.getTime() - now.getTime();
  if (ms > longest)
    throw new HoldfastError('step.config', {
      detail: say`"${given.date}" is more than a year ahead.`,
      hint: 'Choose a date within the next 365 days.',
      path: 'date',
    });
  return formatDuration(ms);
}
