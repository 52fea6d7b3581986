import { endpoints } from '@holdfast/contracts';
import type { FlowNode } from '@holdfast/graph';
import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import { useWorkbench } from '../../document/workbench.tsx';
import { Age } from '../../parts/age.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import css from '../inspector.module.css';

const lookEveryMs = 5_000;

/** How a trigger of a connected system is doing: what it is told stands with its connection, a sheet is looked at for this step alone. */
export function ConnectionTriggerData({ node }: { node: FlowNode }) {
  const { t } = useTranslation('triggers');
  const { flowId } = useWorkbench();
  if (!Array.isArray(node.config['topics'])) return flowId === null ? null : <SheetWatch key={node.id} flowId={flowId} node={node} />;
  return (
    <section className={css.section}>
      <h3>{t('events.title')}</h3>
      <p>{t('events.about')}</p>
      <Anchor href="/connections" target="_blank" rel="noreferrer" size="sm">
        {t('events.open')}
      </Anchor>
    </section>
  );
}

function SheetWatch({ flowId, node }: { flowId: string; node: FlowNode }) {
  const { t } = useTranslation('triggers');
  const query = useRead(endpoints.readSheetWatch, { params: { id: flowId }, query: { node: node.id } }, { refetchInterval: lookEveryMs });
  return (
    <section className={css.section} data-testid="sheet-watch">
      <h3>{t('watch.title')}</h3>
      <QueryView query={query}>
        {({ watch }) =>
          watch === null ? (
            <p>{t('watch.notLive')}</p>
          ) : (
            <>
              {watch.problem ? <ProblemAlert problem={watch.problem} tone="warn" /> : null}
              {watch.polledAt === null ? (
                <p>{t('watch.waiting')}</p>
              ) : (
                <p>
                  {t('watch.looked')} <Age at={watch.polledAt} />, {t('watch.next')} <Age at={watch.nextAt} />.
                </p>
              )}
              {watch.rowCount === null ? null : <p>{t('watch.rows', { count: watch.rowCount })}</p>}
              {watch.leftOver === 0 ? null : <p>{t('watch.leftOver', { count: watch.leftOver })}</p>}
              {watch.foundAt === null ? null : (
                <p>
                  {t('watch.found')}: <Age at={watch.foundAt} />
                </p>
              )}
            </>
          )
        }
      </QueryView>
    </section>
  );
}
