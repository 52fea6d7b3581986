import { defineWait, duration, formatDuration, parseDuration } from '@holdfast/node-kit';
import { z } from 'zod';

const config = z.strictObject({
  rounds: z
    .number()
    .int()
    .min(1, 'Try at least once more')
    .max(50, 'Choose at most 50 rounds')
    .default(5)
    .meta({ title: 'Rounds', description: 'How often it goes back before it gives up.' }),
  firstDelay: duration.default('10s').meta({ title: 'First pause', widget: 'duration' }),
  factor: z
    .number()
    .min(1)
    .max(10)
    .default(2)
    .meta({ title: 'Each pause is longer by', description: '2 doubles the pause every time.', advanced: true }),
  maxDelay: duration.default('10m').meta({ title: 'Longest pause', widget: 'duration' }),
});

/** The pause before round `round`, with up to a fifth taken off at random so that many runs don't come back at once. */
export function pauseMs(given: z.infer<typeof config>, round: number, random: number): number {
  const full = Math.min(parseDuration(given.firstDelay) * given.factor ** (round - 1), parseDuration(given.maxDelay));
  return Math.round(full * (1 - 0.2 * random));
}

export const retry = defineWait({
  type: 'retry',
  typeVersion: 1,
  title: 'Try again',
  summary: 'Waits a little, then sends the run back to a step you choose, a few times.',
  icon: 'refresh',
  category: 'wait',
  keywords: ['retry', 'loop', 'backoff', 'repeat', 'again', 'reintentar', 'repetir'],
  boundsCycles: true,
  config,
  ports: {
    again: { label: 'Again', mandatory: true },
    gaveUp: { label: 'Gave up', unhappy: true },
  },
  describe: (given) => `${given.rounds} × ${given.firstDelay} … ${given.maxDelay}`,
  check: (given) =>
    parseDuration(given.firstDelay) > parseDuration(given.maxDelay)
      ? [
          {
            field: 'firstDelay',
            severity: 'warning',
            reason: 'The first pause is longer than the longest pause.',
            fix: 'Make the longest pause longer; until then every pause is as long as the longest.',
          },
        ]
      : [],
  plan: ({ config: given, visit, random }) =>
    visit > given.rounds
      ? { leave: { port: 'gaveUp', output: { rounds: given.rounds } } }
      : { waitFor: 'timer', timeout: formatDuration(pauseMs(given, visit, random)), timeoutPort: 'again' },
  resolve: () => null,
  samples: [
    { name: 'goes round again after a pause', config: {}, visit: 1, event: { kind: 'timeout' }, expect: { port: 'again' } },
    { name: 'gives up after the last round', config: { rounds: 3 }, visit: 4, expect: { port: 'gaveUp', output: { rounds: 3 } } },
  ],
});
