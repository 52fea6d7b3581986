import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';
import { RowsSkeleton } from './rows-skeleton.tsx';

interface QueryViewProps<T> {
  query: UseQueryResult<T>;
  /** What stands here while nothing is known yet; rows when left out. */
  skeleton?: ReactNode;
  /** Leaves room around, in a pane without any of its own. */
  inset?: boolean;
  children: (data: NonNullable<T>) => ReactNode;
}

/** The states of what is read: on its way, broken with a way on, or there. Old data stays while new is asked for. */
export function QueryView<T>({ query, skeleton, inset = false, children }: QueryViewProps<T>) {
  if (query.data !== undefined && query.data !== null) return children(query.data);
  const waiting = query.isError ? (
    <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
  ) : (
    (skeleton ?? <RowsSkeleton />)
  );
  return inset ? <div style={{ padding: 20 }}>{waiting}</div> : waiting;
}
