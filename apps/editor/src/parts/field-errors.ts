import type { TFunction } from 'i18next';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const formatKey = (issue: Issue & { code: 'invalid_format' }) =>
  issue.format === 'email' ? 'email' : issue.format === 'url' ? 'url' : null;

/** What is wrong with a field, in the reader's words; the schema's own sentence where ours would know less. */
function sentence(issue: Issue, t: TFunction<'common'>): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'number') return t(issue.inclusive ? 'field.atLeast' : 'field.moreThan', { count: Number(issue.minimum) });
      return Number(issue.minimum) <= 1 ? t('field.required') : t('field.longer', { count: Number(issue.minimum) });
    case 'too_big':
      return issue.origin === 'number'
        ? t('field.atMost', { count: Number(issue.maximum) })
        : t('field.shorter', { count: Number(issue.maximum) });
    case 'invalid_type':
      return t('field.required');
    case 'invalid_format': {
      const key = formatKey(issue);
      return key ? t(`field.${key}`) : issue.message;
    }
    default:
      return issue.message;
  }
}

/** The first problem of every field, by its dotted path, as forms want them. */
export function fieldErrors(schema: z.ZodType, values: unknown, t: TFunction<'common'>): Record<string, string> {
  const parsed = schema.safeParse(values);
  const errors: Record<string, string> = {};
  for (const issue of parsed.error?.issues ?? []) errors[issue.path.join('.')] ??= sentence(issue, t);
  return errors;
}
