import { endpoints, type RunSummary } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead, useReadPages } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagesView } from '../../parts/pages-view.tsx';
import rows from '../../parts/rows.module.css';
import { AttentionCauses } from './attention-causes.tsx';
import { OpenRepairs } from './open-repairs.tsx';
import type { OpenRepair } from './repair-drawer.tsx';
import { useNow } from '../../parts/use-now.ts';
import { RunFilters } from './run-filters.tsx';
import { RunRow } from './run-row.tsx';
import classes from './runs-page.module.css';
import { runsQuery } from './runs-query.ts';

// Brings every step's definition along.
const RepairDrawer = lazy(() => import('./repair-drawer.tsx').then((module) => ({ default: module.RepairDrawer })));

const route = getRouteApi('/app/runs');

/** Every run, found by what it is, when it began and why it stands still. The filters are the address. */
export function RunsPage() {
  const { t } = useTranslation('runs');
  const search = route.useSearch();
  const counts = useRead(endpoints.runCounts, {});
  const runs = useReadPages(endpoints.listRuns, { query: runsQuery(search, useNow()) });
  const [open, setOpen] = useState<OpenRepair | null>(null);
  const showsCauses = search.status === undefined || search.status === 'attention' || search.status === 'open';
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')} />
      <RunFilters counts={counts.data?.byStatus} />
      {showsCauses ? (
        <>
          <OpenRepairs onOpen={(repair) => setOpen({ repair })} />
          <AttentionCauses causes={counts.data?.causes ?? []} chosen={search.cause} onRepair={(cause) => setOpen({ cause })} />
        </>
      ) : null}
      <PagesView query={runs} skeletonRows={8} empty={<NoRuns isFiltered={Object.values(search).some((value) => value !== undefined)} />}>
        {(items, more) => <RunRows items={items} more={more} />}
      </PagesView>
      {open ? (
        <Suspense fallback={null}>
          <RepairDrawer open={open} onClose={() => setOpen(null)} />
        </Suspense>
      ) : null}
    </section>
  );
}

function RunRows({ items, more }: { items: readonly RunSummary[]; more: ReactNode }) {
  const { t } = useTranslation('runs');
  return (
    <div className={`${rows.card} ${classes.runs}`}>
      <div className={rows.head} aria-hidden>
        <span>{t('column.status')}</span>
        <span>{t('column.run')}</span>
        <span>{t('column.now')}</span>
        <span>{t('column.started')}</span>
        <span className={rows.figure}>{t('column.length')}</span>
      </div>
      {items.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
      {more}
    </div>
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation(['runs', 'common']);
  const navigate = useNavigate();
  if (isFiltered)
    return (
      <EmptyState
        drawing="search"
        title={t('nothing.title')}
        action={
          <Button variant="default" onClick={() => void navigate({ to: '/runs', search: {} })}>
            {t('common:action.clear')}
          </Button>
        }
      >
        {t('nothing.text')}
      </EmptyState>
    );
  return (
    <EmptyState
      drawing="runs"
      title={t('empty.title')}
      action={<Button onClick={() => void navigate({ to: '/flows' })}>{t('empty.action')}</Button>}
    >
      {t('empty.text')}
    </EmptyState>
  );
}
