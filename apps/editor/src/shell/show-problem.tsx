import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import type { ApiError } from '../client/api-error.ts';
import { ProblemWords } from '../parts/problem-words.tsx';
import { titleOfProblem } from '../parts/use-problem-title.ts';

/** Tells of a failed act that no form shows: what happened, and what can be done. */
export function showProblem({ problem }: ApiError): void {
  const t = i18next.getFixedT(null, 'problems');
  notifications.show({
    id: `problem-${problem.code}-${problem.detail}`,
    color: 'bad',
    title: titleOfProblem(t, problem),
    message: <ProblemWords problem={problem} />,
    autoClose: 9_000,
  });
}
