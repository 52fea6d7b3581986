import { endpoints, type Variable } from '@holdfast/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { RowActs } from '../../parts/row-acts.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { VariableForm } from './variable-form.tsx';
import { valueText } from './variable-value.ts';
import classes from './variables-page.module.css';

/** Values that several flows share: opening hours, an address, a limit. */
export function VariablesPage() {
  const { t } = useTranslation('variables');
  const variables = useRead(endpoints.listVariables, {});
  const mayManage = useMay('variables.manage');
  const [edited, setEdited] = useState<Variable | 'new' | null>(null);
  return (
    <>
      <ListPage
        title={t('title')}
        lead={t('lead')}
        query={variables}
        add={mayManage ? { label: t('add'), onAdd: () => setEdited('new') } : null}
        empty={{ drawing: 'variables', title: t('empty.title'), text: t('empty.text') }}
      >
        {(items) => (
          <div className={`${rows.card} ${classes.variables}`}>
            {items.map((variable) => (
              <VariableRow key={variable.name} variable={variable} mayManage={mayManage} onEdit={() => setEdited(variable)} />
            ))}
          </div>
        )}
      </ListPage>
      <VariableForm edited={edited} onClose={() => setEdited(null)} />
    </>
  );
}

function VariableRow({ variable, mayManage, onEdit }: { variable: Variable; mayManage: boolean; onEdit: () => void }) {
  const { t } = useTranslation(['variables', 'common']);
  const confirm = useConfirm();
  const remove = useAct(endpoints.deleteVariable, { refreshes: [endpoints.listVariables] });
  const askRemove = () =>
    confirm({
      title: t('remove.title', { name: variable.name }),
      effect: t('remove.effect'),
      confirm: t('remove.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => remove.mutate({ params: { name: variable.name } }),
    });
  return (
    <article className={rows.row}>
      <div className={`${classes.name} data`} title={variable.name}>
        {variable.name}
      </div>
      <div className={classes.value}>{valueText(variable.value)}</div>
      <div className={classes.age}>
        <Age at={variable.updatedAt} />
      </div>
      <div className={rows.end}>
        {mayManage ? (
          <RowActs
            labels={{ edit: t('edit', { name: variable.name }), remove: t('remove.label', { name: variable.name }) }}
            onEdit={onEdit}
            onRemove={askRemove}
          />
        ) : null}
      </div>
    </article>
  );
}
