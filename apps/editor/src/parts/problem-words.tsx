import { useTranslation } from 'react-i18next';
import classes from './problem-words.module.css';
import { hintOfProblem } from './use-problem-title.ts';

interface ProblemWordsProps {
  problem: { code: string; detail: string; hint?: string | undefined };
}

/**
 * What happened and what can be done. The server knows the exact values and says them in English; a reader of another language gets what can be done about the
 * code in their own words first, and the server's words below.
 */
export function ProblemWords({ problem }: ProblemWordsProps) {
  const { t, i18n } = useTranslation('hints');
  const usual = hintOfProblem(t, problem);
  const { hint } = problem;
  // What a provider says often ends without a full stop.
  const detail = /[.!?…:]$/.test(problem.detail) ? problem.detail : `${problem.detail}.`;
  if (i18n.language === 'en' || usual === null)
    return (
      <p>
        {detail} {hint ?? usual}
      </p>
    );
  return (
    <>
      <p>{usual}</p>
      <p className={classes.said} lang="en">
        {detail} {hint}
      </p>
    </>
  );
}
