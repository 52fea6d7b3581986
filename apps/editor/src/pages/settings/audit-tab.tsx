import { endpoints } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useReadPages } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { RowsSkeleton } from '../../parts/rows-skeleton.tsx';
import rows from '../../parts/rows.module.css';
import { asLine } from '../talk/as-line.ts';
import classes from './settings-page.module.css';

/** Who did what, the latest first. */
export function AuditTab() {
  const { t } = useTranslation(['settings', 'common']);
  const format = useFormat();
  const audit = useReadPages(endpoints.listAudit, { query: { limit: 50 } });
  const items = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className={classes.toolbar}>
        <p>{t('audit.lead')}</p>
      </div>
      {audit.isPending ? <RowsSkeleton count={8} /> : null}
      {audit.isError && items.length === 0 ? <ProblemAlert error={audit.error} onRetry={() => void audit.refetch()} /> : null}
      {audit.isSuccess && items.length === 0 ? (
        <EmptyState drawing="search" title={t('audit.emptyTitle')} isCompact>
          {t('audit.emptyText')}
        </EmptyState>
      ) : null}
      {items.length > 0 ? (
        <div className={`${rows.card} ${classes.audit}`}>
          {items.map((entry) => (
            <article key={entry.id} className={rows.row}>
              <time className={rows.quiet} dateTime={entry.at}>
                {format.exact(entry.at)}
              </time>
              <div className={classes.faint}>{entry.actor}</div>
              <div className={rows.main}>
                <span className="data">{entry.action}</span> <span className={rows.quiet}>{entry.subject}</span>
                {Object.keys(entry.detail).length > 0 ? (
                  <div className={`${classes.facts} data`} title={asLine(entry.detail)}>
                    {asLine(entry.detail)}
                  </div>
                ) : null}
              </div>
            </article>
          ))}
          {audit.hasNextPage ? (
            <div className={rows.more}>
              <Button variant="subtle" onClick={() => void audit.fetchNextPage()} loading={audit.isFetchingNextPage}>
                {t('common:action.loadMore')}
              </Button>
            </div>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
