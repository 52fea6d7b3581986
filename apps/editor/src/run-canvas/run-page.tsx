import { endpoints } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asApiError, useRead } from '../client/index.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTitle } from '../parts/use-title.ts';
import { PageLoading } from '../shell/page-loading.tsx';
import { RunView } from './run-view.tsx';
import css from './run-page.module.css';

/** One run on the exact version it started with; live events renew it. */
export function RunPage() {
  const { id = '' } = useParams({ strict: false });
  const { t } = useTranslation('run');
  const run = useRead(endpoints.getRun, { params: { id } });
  useTitle(run.data ? t('title', { flow: run.data.flow.name }) : '');
  if (run.data) return <RunView key={run.data.id} run={run.data} />;
  if (run.isPending) return <PageLoading />;
  return (
    <div className={css.centre}>
      {asApiError(run.error).status === 404 ? (
        <EmptyState
          drawing="lost"
          title={t('missing.title')}
          action={
            <Button component={Link} to="/runs">
              {t('missing.back')}
            </Button>
          }
        >
          {t('missing.text')}
        </EmptyState>
      ) : (
        <ProblemAlert error={run.error} onRetry={() => void run.refetch()} />
      )}
    </div>
  );
}
