import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNodeWords } from '../canvas/node-words.ts';
import { saySentence } from './say-sentence.ts';

/** Says a finding or a change of a flow in the reader's language; `type` is the node type it is about, if it is about one. */
export function useSentence(): (text: string, type?: string) => string {
  const { i18n } = useTranslation();
  const words = useNodeWords();
  return useCallback((text, type = '') => saySentence(text, i18n.language, (part) => words.say(type, part)), [i18n.language, words]);
}
