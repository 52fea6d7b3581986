import { Button, CopyButton } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asApiError } from '../client/api-error.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ProblemWords } from '../parts/problem-words.tsx';
import { useProblemTitle } from '../parts/use-problem-title.ts';
import { useTitle } from '../parts/use-title.ts';

/** What is shown in place of a page that broke: what happened, and ways on. Nothing else is lost. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('shell');
  const router = useRouter();
  const { problem } = asApiError(error);
  const title = useProblemTitle(problem);
  useTitle(title);
  const facts = `${problem.code} ${problem.requestId}\n${problem.detail}\n${location.pathname}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
  return (
    <EmptyState
      drawing="broken"
      title={title}
      action={
        <>
          <Button
            onClick={() => {
              reset();
              void router.invalidate();
            }}
          >
            {t('error.again')}
          </Button>
          <Button variant="default" onClick={() => location.assign('/flows')}>
            {t('error.home')}
          </Button>
          <CopyButton value={facts}>
            {({ copied, copy }) => (
              <Button variant="subtle" color="neutral" onClick={copy}>
                {t(copied ? 'error.copied' : 'error.copy')}
              </Button>
            )}
          </CopyButton>
        </>
      }
    >
      <ProblemWords problem={problem} />
    </EmptyState>
  );
}
