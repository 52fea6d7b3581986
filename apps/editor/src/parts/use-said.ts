import type { Saying } from '@holdfast/errors';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { translatorFor } from '../i18n/i18n.ts';

export type Said = (text: string, saying?: Saying) => string;

/** What the server wrote for people, in the reader's language; what nobody translated, and what other systems said, stays as it is. */
export const saidIn =
  (language: string): Said =>
  (text, saying) =>
    translatorFor(language)(text, saying) ?? text;

export function useSaid(): Said {
  const { language } = useTranslation().i18n;
  return useCallback((text, saying) => saidIn(language)(text, saying), [language]);
}
