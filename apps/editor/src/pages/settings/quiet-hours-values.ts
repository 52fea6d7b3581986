import { weekdays, type QuietHours, type SendingSettings } from '@holdfast/node-kit';
import { timeZoneHere } from '../../parts/time-zone-here.ts';

export interface QuietValues extends Record<string, unknown> {
  isOn: boolean;
  days: string[];
  from: string;
  to: string;
  timezone: string;
  holds: 'marketing' | 'everything';
}

/** What the form begins with; a usual night where there is none yet. */
export const quietValues = ({ timezone, quietHours }: SendingSettings): QuietValues => ({
  isOn: Boolean(quietHours),
  days: [...(quietHours?.days ?? weekdays)],
  from: quietHours?.from ?? '21:00',
  to: quietHours?.to ?? '08:00',
  timezone: quietHours?.timezone ?? timezone ?? timeZoneHere(),
  holds: quietHours?.purposes.includes('service') ? 'everything' : 'marketing',
});

/** One time zone for the workspace, so that there are not two to keep the same. */
export function quietSettings({ isOn, days, from, to, timezone, holds }: QuietValues): SendingSettings {
  const chosen = weekdays.filter((day) => days.includes(day));
  const purposes: QuietHours['purposes'] = holds === 'everything' ? ['service', 'marketing'] : ['marketing'];
  const hours = { from, to, ...(chosen.length === weekdays.length ? {} : { days: chosen }), purposes };
  return { timezone, quietHours: isOn ? hours : null };
}
