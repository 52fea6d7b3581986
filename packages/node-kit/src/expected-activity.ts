import { z } from 'zod';
import { clock, timezone, weekdays } from './send-limits.ts';

/** What a trigger is expected to begin: at least so many runs in each window. Over midnight when `from` is later than `to`; a whole day when they are the same. */
export const expectedActivity = z.strictObject({
  atLeast: z.number().int().min(1).max(1_000_000),
  from: clock,
  to: clock,
  /** Days on which a window begins. */
  days: z.array(z.enum(weekdays)).min(1, 'Choose at least one day').max(weekdays.length),
  timezone,
});
export type ExpectedActivity = z.infer<typeof expectedActivity>;
