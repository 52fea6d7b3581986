import { duration, type RetryPolicy } from '@holdfast/node-kit';
import { z } from 'zod';

/** How persistent a call is, ready made. Pauses double and are drawn at random below these, so that a thousand runs don't come back together. */
const presets = {
  quick: { maxAttempts: 2, firstDelay: '1s', factor: 2, maxDelay: '1s' },
  steady: { maxAttempts: 6, firstDelay: '15s', factor: 2, maxDelay: '2m' },
  patient: { maxAttempts: 12, firstDelay: '30s', factor: 2, maxDelay: '30m' },
} as const satisfies Record<string, RetryPolicy>;

const own = { field: 'tries', is: ['own'] } as const;

/** Settings of a step that is tried again; steps from before `tries` keep the numbers of their own. */
export const triesFields = {
  tries: z
    .enum(['quick', 'steady', 'patient', 'own'])
    .default('own')
    .meta({
      title: 'When it fails',
      description: 'When the service is down or asks to slow down. The pause doubles each time.',
      options: {
        quick: 'Try once more, then give up',
        steady: 'Keep trying for some minutes',
        patient: 'Keep trying for hours',
        own: 'As I say',
      },
      startsAs: 'steady',
      advanced: true,
    }),
  attempts: z.number().int().min(1).max(20).default(5).meta({ title: 'Tries', showWhen: own, advanced: true }),
  firstDelay: duration.default('1s').meta({ title: 'First pause', widget: 'duration', showWhen: own, advanced: true }),
  maxDelay: duration.default('1m').meta({ title: 'Longest pause', widget: 'duration', showWhen: own, advanced: true }),
};

interface Given {
  tries: keyof typeof presets | 'own';
  attempts: number;
  firstDelay: string;
  maxDelay: string;
}

export const retryPolicyOf = ({ tries, attempts, firstDelay, maxDelay }: Given): RetryPolicy =>
  tries === 'own' ? { maxAttempts: attempts, firstDelay, factor: 2, maxDelay } : presets[tries];
