import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';
import { RowsSkeleton } from './rows-skeleton.tsx';

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  /** What stands here while nothing is known yet; rows when left out. */
  skeleton?: ReactNode;
  children: (data: NonNullable<T>) => ReactNode;
}

/** The states of what is read: on its way, broken with a way on, or there. Old data stays while new is asked for. */
export function QueryView<T>({ query, skeleton, children }: QueryViewProps<T>) {
  if (query.data !== undefined && query.data !== null) return children(query.data);
  if (query.isError) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  return skeleton ?? <RowsSkeleton />;
}
