import type { SaidParts } from '@holdfast/errors';
import { useTranslation } from 'react-i18next';
import { translatorFor } from '../i18n/i18n.ts';
import classes from './problem-words.module.css';
import { hintOfProblem } from './use-problem-title.ts';

interface ProblemWordsProps {
  problem: { code: string; detail: string; hint?: string | undefined; said?: SaidParts | undefined };
}

/**
 * What happened and what can be done. The server says it in English, with how its sentences were made: a reader of another language gets them in their own. Of
 * what nobody translated they get what can be done about the code in general, and the server's words below.
 */
export function ProblemWords({ problem }: ProblemWordsProps) {
  const { t, i18n } = useTranslation('hints');
  const usual = hintOfProblem(t, problem);
  const { hint, said } = problem;
  const translate = translatorFor(i18n.language);
  const detail = translate(problem.detail, said?.detail);
  if (i18n.language === 'en' || usual === null || detail !== null)
    return (
      <p>
        {stopped(detail ?? problem.detail)} {hint === undefined ? usual : (translate(hint, said?.hint) ?? (detail === null ? hint : usual))}
      </p>
    );
  return (
    <>
      <p>{usual}</p>
      <p className={classes.said} lang="en">
        {stopped(problem.detail)} {hint}
      </p>
    </>
  );
}

/** What a provider says often ends without a full stop. */
const stopped = (text: string): string => (/[.?!…:]$/.test(text) ? text : `${text}.`);
