import { endpoints } from '@holdfast/contracts';
import { useTranslation } from 'react-i18next';
import { useReadPages } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagesView } from '../../parts/pages-view.tsx';
import rows from '../../parts/rows.module.css';
import { asLine } from '../talk/as-line.ts';
import classes from './settings-page.module.css';

/** Who did what, the latest first. */
export function AuditTab() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const audit = useReadPages(endpoints.listAudit, { query: { limit: 50 } });
  return (
    <>
      <div className={classes.toolbar}>
        <p>{t('audit.lead')}</p>
      </div>
      <PagesView
        query={audit}
        skeletonRows={8}
        empty={
          <EmptyState drawing="search" title={t('audit.emptyTitle')} isCompact>
            {t('audit.emptyText')}
          </EmptyState>
        }
      >
        {(items, more) => (
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
            {more}
          </div>
        )}
      </PagesView>
    </>
  );
}
