import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert.tsx';
import { RowsSkeleton } from './rows-skeleton.tsx';
import rows from './rows.module.css';

/** What `useReadPages` answers, as far as a list needs it. */
interface Pages<T> {
  data: { pages: readonly { items: readonly T[] }[] } | undefined;
  error: Error | null;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

interface PagesViewProps<T> {
  query: Pages<T>;
  /** Rows on their way; 5 when left out. */
  skeletonRows?: number;
  empty: ReactNode;
  /** The items, and the button that brings more where there are more. */
  children: (items: readonly T[], more: ReactNode) => ReactNode;
}

/** The states of a list that is read page by page. */
export function PagesView<T>({ query, skeletonRows = 5, empty, children }: PagesViewProps<T>) {
  const { t } = useTranslation('common');
  if (query.isPending) return <RowsSkeleton count={skeletonRows} />;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return query.error ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : empty;
  const more = query.hasNextPage ? (
    <div className={rows.more}>
      <Button variant="subtle" size="xs" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
        {t('action.loadMore')}
      </Button>
    </div>
  ) : null;
  return children(items, more);
}
