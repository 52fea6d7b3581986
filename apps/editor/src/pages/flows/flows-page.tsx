import { endpoints } from '@holdfast/contracts';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { FlowRow } from './flow-row.tsx';
import classes from './flows-page.module.css';
import { GettingStarted } from './getting-started.tsx';
import { NewFlow } from './new-flow.tsx';
import rows from '../../parts/rows.module.css';

/** All flows: which are live, what they did today, where somebody is needed. */
export function FlowsPage() {
  const { t } = useTranslation('flows');
  const flows = useRead(endpoints.listFlows, {});
  const mayWrite = useMay('flows.write');
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')}>
        {mayWrite && flows.data?.items.length !== 0 ? <NewFlow /> : null}
      </PageHeader>
      <QueryView query={flows}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="flows" title={t('empty.title')} action={mayWrite ? <NewFlow isOnly /> : null}>
              {t(mayWrite ? 'empty.text' : 'empty.textReader')}
            </EmptyState>
          ) : (
            <>
              <div className={`${rows.card} ${classes.flows}`}>
                <div className={rows.head} aria-hidden>
                  <span>{t('column.name')}</span>
                  <span>{t('column.status')}</span>
                  <span className={rows.figure}>{t('column.today')}</span>
                  <span className={rows.figure}>{t('column.open')}</span>
                  <span>{t('column.changed')}</span>
                  <span />
                </div>
                {items.map((flow) => (
                  <FlowRow key={flow.id} flow={flow} />
                ))}
              </div>
              {items.length === 1 && items[0] ? <GettingStarted flow={items[0]} /> : null}
            </>
          )
        }
      </QueryView>
    </section>
  );
}
