import type { SaidParts } from '@holdfast/errors';
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../client/api-error.ts';
import { ProblemWords } from './problem-words.tsx';
import { useProblemTitle } from './use-problem-title.ts';
import classes from './problem-alert.module.css';

/** The facts that every kind of problem of ours has: an API error's, a step's, a channel's. */
export interface ShownProblem {
  code: string;
  title: string;
  detail: string;
  hint?: string | undefined;
  requestId?: string | undefined;
  said?: SaidParts | undefined;
}

interface ProblemAlertProps {
  /** A thrown error, or a problem that came with data. */
  error?: unknown;
  problem?: ShownProblem;
  onRetry?: () => void;
  /** Further buttons: the one thing to do about it. */
  children?: ReactNode;
  tone?: 'bad' | 'warn';
}

/** What happened, what we did, what the person can do. */
export function ProblemAlert({ error, problem, onRetry, children, tone = 'bad' }: ProblemAlertProps) {
  const { t } = useTranslation('common');
  const shown: ShownProblem = problem ?? asApiError(error).problem;
  const title = useProblemTitle(shown);
  return (
    <div className={classes.alert} data-tone={tone} role="alert">
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <div className={classes.text}>
        <strong>{title}</strong>
        <ProblemWords problem={shown} />
        {shown.requestId ? <p className={classes.trace}>{t('problem.request', { id: shown.requestId })}</p> : null}
        {onRetry || children ? (
          <div className={classes.actions}>
            {onRetry ? (
              <Button size="xs" variant="default" onClick={onRetry}>
                {t('action.tryAgain')}
              </Button>
            ) : null}
            {children}
          </div>
        ) : null}
      </div>
    </div>
  );
}
