import type { JsonObject } from '@holdfast/node-kit';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useFormat } from '../i18n/use-format.ts';

const factsOf = z.object({
  cached: z.object({ ageMs: z.number(), isStale: z.boolean() }).optional().catch(undefined),
  fallback: z.enum(['second', 'stale', 'default']).optional().catch(undefined),
});

/** Where an answer came from that the service did not give just now, and how old it was. */
export function AnswerFrom({ facts }: { facts: JsonObject }) {
  const { t } = useTranslation('run');
  const format = useFormat();
  const { cached, fallback } = factsOf.parse(facts);
  if (!cached && !fallback) return null;
  return (
    <>
      <dt>{t('step.answer')}</dt>
      <dd>
        {cached
          ? t(cached.isStale ? 'step.from.stale' : 'step.from.kept', { age: format.span(cached.ageMs) })
          : t(fallback === 'second' ? 'step.from.second' : 'step.from.default')}
      </dd>
    </>
  );
}
