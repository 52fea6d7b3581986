import { Cron } from 'croner';

/** When a schedule fires next, strictly after `after`; null when it never does (30 February) or can't be read. */
export function nextFire(schedule: { cron: string; timezone: string }, after: Date): Date | null {
  try {
    return new Cron(schedule.cron, { timezone: schedule.timezone, paused: true, mode: '5-part' }).nextRun(after);
  } catch {
    return null;
  }
}
