/** The schedules that people choose from lists; every other cron text is edited as text. */
export type CronPattern =
  | { kind: 'hourly'; minute: number }
  | { kind: 'daily'; hour: number; minute: number }
  | { kind: 'weekdays'; hour: number; minute: number }
  | { kind: 'weekly'; day: number; hour: number; minute: number }
  | { kind: 'monthly'; date: number; hour: number; minute: number }
  | { kind: 'custom'; text: string };

const whole = (text: string | undefined): number | null => (text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : null);

export function parseCron(text: string): CronPattern {
  const custom: CronPattern = { kind: 'custom', text };
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) return custom;
  const [minuteText, hourText, dateText, month, dayText] = parts;
  const minute = whole(minuteText);
  const hour = whole(hourText);
  if (minute === null || month !== '*') return custom;
  if (hourText === '*' && dateText === '*' && dayText === '*') return { kind: 'hourly', minute };
  if (hour === null) return custom;
  if (dateText === '*' && dayText === '*') return { kind: 'daily', hour, minute };
  if (dateText === '*' && dayText === '1-5') return { kind: 'weekdays', hour, minute };
  const day = whole(dayText);
  if (dateText === '*' && day !== null) return { kind: 'weekly', day: day % 7, hour, minute };
  const date = whole(dateText);
  return date !== null && dayText === '*' ? { kind: 'monthly', date, hour, minute } : custom;
}

export function writeCron(pattern: CronPattern): string {
  switch (pattern.kind) {
    case 'hourly':
      return `${pattern.minute} * * * *`;
    case 'daily':
      return `${pattern.minute} ${pattern.hour} * * *`;
    case 'weekdays':
      return `${pattern.minute} ${pattern.hour} * * 1-5`;
    case 'weekly':
      return `${pattern.minute} ${pattern.hour} * * ${pattern.day}`;
    case 'monthly':
      return `${pattern.minute} ${pattern.hour} ${pattern.date} * *`;
    case 'custom':
      return pattern.text;
  }
}

/** Another kind of schedule, keeping the time of day that was chosen. */
export function changeKind(pattern: CronPattern, kind: CronPattern['kind']): CronPattern {
  const minute = pattern.kind === 'custom' ? 0 : pattern.minute;
  const hour = 'hour' in pattern ? pattern.hour : 9;
  switch (kind) {
    case 'hourly':
      return { kind, minute };
    case 'daily':
    case 'weekdays':
      return { kind, hour, minute };
    case 'weekly':
      return { kind, day: 1, hour, minute };
    case 'monthly':
      return { kind, date: 1, hour, minute };
    case 'custom':
      return { kind, text: writeCron(pattern) };
  }
}
