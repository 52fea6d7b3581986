import { defineTrigger } from '@holdfast/node-kit';
import { z } from 'zod';
import { timeZone } from '../fields/time-zone.ts';
import { nextFire } from './next-fire.ts';

export const scheduleTrigger = defineTrigger({
  type: 'schedule-trigger',
  typeVersion: 1,
  source: 'schedule',
  title: 'Schedule',
  summary: 'Starts at fixed times, in the time zone you choose.',
  icon: 'calendar-clock',
  category: 'start',
  keywords: ['cron', 'timer', 'daily', 'weekly', 'start', 'trigger', 'horario', 'diario', 'inicio'],
  config: z.strictObject({
    cron: z
      .string()
      .min(1, 'Choose when it starts')
      .max(120)
      .default('0 9 * * 1-5')
      .meta({ title: 'When', description: 'In the time zone below.', widget: 'cron' }),
    timezone: timeZone.meta({ title: 'Time zone', placeholder: 'Europe/Madrid' }),
  }),
  ports: { fired: { label: 'It is time', mandatory: true } },
  describe: (given) => `${given.cron} · ${given.timezone}`,
  check: (given) => {
    // Any start does: what is impossible stays impossible from every day.
    const fires = nextFire(given, new Date('2026-01-01T00:00:00Z'));
    return fires
      ? []
      : [
          {
            field: 'cron',
            severity: 'error',
            reason: 'This schedule never comes round.',
            fix: 'Choose a day that exists, for example "0 9 * * 1-5" for weekdays at 09:00.',
          },
        ];
  },
  samples: [
    {
      name: 'starts on weekdays at nine',
      config: {},
      input: { trigger: { firedAt: '2026-11-23T09:00:00.000Z', scheduledFor: '2026-11-23T09:00:00.000Z' } },
      expect: { port: 'fired' },
    },
    {
      name: 'starts every hour in Nairobi',
      config: { cron: '0 * * * *', timezone: 'Africa/Nairobi' },
      input: { trigger: { firedAt: '2026-11-23T10:00:00.000Z', scheduledFor: '2026-11-23T10:00:00.000Z' } },
      expect: { port: 'fired' },
    },
  ],
});
