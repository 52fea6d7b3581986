import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import panes from './panes.module.css';

interface ListAndOneProps<T> {
  list: ReactNode;
  /** What the right side shows, for those who hear it. */
  label: string;
  /** Undefined: nothing is chosen. */
  id: string | undefined;
  chosen: UseQueryResult<T>;
  invite: { title: string; text: string };
  children: (chosen: NonNullable<T>) => ReactNode;
}

/** A list, and what is chosen from it; on a phone one of the two. */
export function ListAndOne<T>({ list, label, id, chosen, invite, children }: ListAndOneProps<T>) {
  return (
    <div className={panes.panes} data-panes="2" data-open={id === undefined ? undefined : true}>
      {list}
      <section className={panes.talk} aria-label={label}>
        {id === undefined ? (
          <div className={panes.nothing}>
            <EmptyState drawing="conversations" title={invite.title}>
              {invite.text}
            </EmptyState>
          </div>
        ) : (
          <QueryView query={chosen} inset>
            {children}
          </QueryView>
        )}
      </section>
    </div>
  );
}
