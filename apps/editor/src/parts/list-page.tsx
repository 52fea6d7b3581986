import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DrawingName } from './drawing.tsx';
import { EmptyState } from './empty-state.tsx';
import { PageHeader } from './page-header.tsx';
import { QueryView } from './query-view.tsx';

interface ListPageProps<T> {
  title: string;
  lead: string;
  query: UseQueryResult<{ items: T[] }>;
  /** Null for who may not add. */
  add: { label: string; onAdd: () => void } | null;
  empty: { drawing: DrawingName; title: string; text: string };
  /** Above the list, whatever is in it. */
  notice?: ReactNode;
  children: (items: readonly T[]) => ReactNode;
}

/** A page of things that people set up: a list with one button that adds to it, which moves into the empty page while there is nothing. */
export function ListPage<T>({ title, lead, query, add, empty, notice, children }: ListPageProps<T>) {
  const button = add ? (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={add.onAdd}>
      {add.label}
    </Button>
  ) : null;
  return (
    <section>
      <PageHeader title={title} lead={lead}>
        {query.data?.items.length === 0 ? null : button}
      </PageHeader>
      {notice}
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing={empty.drawing} title={empty.title} action={button}>
              {empty.text}
            </EmptyState>
          ) : (
            children(items)
          )
        }
      </QueryView>
    </section>
  );
}
