import type { Channel } from '@holdfast/contracts';
import { z } from 'zod';

const finding = z.object({
  record: z.enum(['spf', 'dkim', 'dmarc']),
  state: z.enum(['good', 'weak', 'bad', 'unknown']),
  says: z.enum([
    'good',
    'missing',
    'several',
    'unreadable',
    'unanswered',
    'too-many-lookups',
    'relay-missing',
    'anybody',
    'no-end',
    'no-selector',
    'guessed',
    'revoked',
    'short-key',
    'testing',
    'not-aligned',
    'monitoring',
    'partly',
    'nothing-aligned',
  ]),
  about: z.string().optional(),
  found: z.string().optional(),
  put: z.object({ name: z.string(), value: z.string() }).optional(),
});
export type MailRecord = z.infer<typeof finding>;

/** What other mail servers find about the channel's domain, as it was asked last; null: never yet. */
export function mailRecordsOf({ health }: Pick<Channel, 'health'>): MailRecord[] | null {
  const read = z.array(finding).safeParse(health.facts['records']);
  return read.success ? read.data : null;
}
