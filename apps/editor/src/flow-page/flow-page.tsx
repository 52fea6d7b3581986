import { endpoints } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asApiError, useRead } from '../client/index.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { useTitle } from '../parts/use-title.ts';
import { PageLoading } from '../shell/page-loading.tsx';
import { FlowEditor } from './flow-editor.tsx';
import css from './flow-page.module.css';

/** One flow: its drawing, its settings and the simulator. The draft is loaded once; from then on the page holds the truth and saves it. */
export function FlowPage() {
  const { id = '' } = useParams({ strict: false });
  const { test = false } = useSearch({ strict: false });
  const { t } = useTranslation('flow');
  const flow = useRead(endpoints.getFlow, { params: { id } }, { staleTime: Infinity });
  useTitle(flow.data?.name ?? '');
  if (flow.data) return <FlowEditor key={flow.data.id} detail={flow.data} isTesting={test} />;
  if (flow.isPending) return <PageLoading />;
  const error = asApiError(flow.error);
  return (
    <div className={css.centre}>
      {error.status === 404 ? (
        <EmptyState
          drawing="lost"
          title={t('missing.title')}
          action={
            <Button component={Link} to="/flows">
              {t('missing.back')}
            </Button>
          }
        >
          {t('missing.text')}
        </EmptyState>
      ) : (
        <ProblemAlert error={flow.error} onRetry={() => void flow.refetch()} />
      )}
    </div>
  );
}
