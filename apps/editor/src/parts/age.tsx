import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { regionalLocale } from '../i18n/regional-locale.ts';
import { formatAge, formatExact } from '../i18n/format.ts';
import { useNow } from './use-now.ts';

/** How long ago (or until) a moment is, ticking; the exact time on hover. */
export function Age({ at }: { at: string }) {
  const { language } = useTranslation().i18n;
  const now = useNow();
  const shown = Date.parse(at) > now && Date.parse(at) - now < 2_000 ? now : Date.parse(at); // clocks differ a little; never "in 1 s" for the past
  return (
    <Tooltip label={formatExact(regionalLocale(language, navigator.languages), at)}>
      <time className="tabular" dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {formatAge(language, new Date(shown).toISOString(), now)}
      </time>
    </Tooltip>
  );
}
