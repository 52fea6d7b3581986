import { defineWait, duration } from '@holdfast/node-kit';
import { z } from 'zod';
import { timeZone } from '../fields/time-zone.ts';
import { remaining } from './remaining.ts';

const zoned = { field: 'until', is: ['time', 'date'] } as const;

export const waitConfig = z
  .strictObject({
    until: z
      .enum(['duration', 'time', 'date'])
      .default('duration')
      .meta({ title: 'Waits', options: { duration: 'For a while', time: 'Until a time of day', date: 'Until a date' } }),
    duration: duration.default('1h').meta({ title: 'For', widget: 'duration', showWhen: { field: 'until', is: ['duration'] } }),
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time as hours and minutes, for example 09:30')
      .default('09:00')
      .meta({ title: 'Time', placeholder: '09:30', showWhen: zoned }),
    date: z
      .string()
      .max(200)
      .default('')
      .meta({
        title: 'Date',
        description: 'Year, month and day. A date that is over does not wait.',
        placeholder: '2026-12-24',
        template: true,
        showWhen: { field: 'until', is: ['date'] },
      }),
    timezone: timeZone.meta({ title: 'Time zone', placeholder: 'Europe/Madrid', showWhen: zoned }),
  })
  .superRefine((given, context) => {
    if (given.until === 'date' && given.date.trim() === '')
      context.addIssue({ code: 'custom', path: ['date'], message: 'Choose the date to wait for' });
  });

export const wait = defineWait({
  type: 'wait',
  typeVersion: 1,
  title: 'Wait',
  summary: 'Pauses for a while, until a time of day or until a date. Nothing is lost meanwhile.',
  icon: 'hourglass',
  category: 'wait',
  keywords: ['delay', 'sleep', 'pause', 'timer', 'later', 'esperar', 'pausa'],
  config: waitConfig,
  ports: { done: { label: 'Then' } },
  describe: (given) =>
    given.until === 'duration' ? given.duration : `${given.until === 'date' ? `${given.date} ` : ''}${given.time} · ${given.timezone}`,
  plan: ({ config, now }) => {
    const timeout = remaining(config, new Date(now));
    return timeout === null ? { leave: { port: 'done', output: null } } : { waitFor: 'timer', timeout, timeoutPort: 'done' };
  },
  resolve: () => null,
  samples: [
    { name: 'goes on after a while', config: { duration: '30m' }, event: { kind: 'timeout' }, expect: { port: 'done' } },
    {
      name: 'waits until nine in Madrid',
      config: { until: 'time', time: '09:00', timezone: 'Europe/Madrid' },
      event: { kind: 'timeout' },
      expect: { port: 'done' },
    },
    { name: 'does not wait for a date that is over', config: { until: 'date', date: '2020-01-01' }, expect: { port: 'done' } },
  ],
});
