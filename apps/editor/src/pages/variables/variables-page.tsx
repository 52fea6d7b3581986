import { endpoints, type Variable } from '@holdfast/contracts';
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
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
  const add = mayManage ? (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setEdited('new')}>
      {t('add')}
    </Button>
  ) : null;
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')}>
        {add}
      </PageHeader>
      <QueryView query={variables}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="variables" title={t('empty.title')} action={add}>
              {t('empty.text')}
            </EmptyState>
          ) : (
            <div className={`${rows.card} ${classes.variables}`}>
              {items.map((variable) => (
                <VariableRow key={variable.name} variable={variable} mayManage={mayManage} onEdit={() => setEdited(variable)} />
              ))}
            </div>
          )
        }
      </QueryView>
      <VariableForm edited={edited} onClose={() => setEdited(null)} />
    </section>
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
          <>
            <Tooltip label={t('common:action.edit')}>
              <ActionIcon onClick={onEdit} aria-label={t('edit', { name: variable.name })}>
                <IconPencil size={17} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('common:action.remove')}>
              <ActionIcon onClick={askRemove} aria-label={t('remove.label', { name: variable.name })}>
                <IconTrash size={17} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
      </div>
    </article>
  );
}
