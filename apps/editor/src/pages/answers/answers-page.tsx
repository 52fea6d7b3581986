import { endpoints, type Answer } from '@holdfast/contracts';
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { AnswerDrawer } from './answer-drawer.tsx';
import classes from './answers-page.module.css';
import { findAnswers } from './find-answers.ts';

/** What the bots say to common questions when no model answers. */
export function AnswersPage() {
  const { t } = useTranslation('answers');
  const answers = useRead(endpoints.listAnswers, {});
  const mayManage = useMay('answers.manage');
  const [edited, setEdited] = useState<Answer | 'new' | null>(null);
  const [search, setSearch] = useState('');
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
      <QueryView query={answers}>
        {({ items }) => {
          if (items.length === 0)
            return (
              <EmptyState drawing="answers" title={t('empty.title')} action={add}>
                {t('empty.text')}
              </EmptyState>
            );
          const found = findAnswers(items, search);
          return (
            <>
              {items.length > 5 ? (
                <TextInput
                  className={classes.search}
                  aria-label={t('search')}
                  placeholder={t('search')}
                  leftSection={<IconSearch size={16} stroke={1.5} />}
                  value={search}
                  onChange={(event) => setSearch(event.currentTarget.value)}
                />
              ) : null}
              {found.length === 0 ? (
                <EmptyState drawing="search" title={t('nothing', { search })} isCompact>
                  {t('nothingText')}
                </EmptyState>
              ) : (
                <div className={rows.card}>
                  {found.map((answer) => (
                    <AnswerRow key={answer.id} answer={answer} mayManage={mayManage} onEdit={() => setEdited(answer)} />
                  ))}
                </div>
              )}
            </>
          );
        }}
      </QueryView>
      <AnswerDrawer edited={edited} onClose={() => setEdited(null)} />
    </section>
  );
}

function AnswerRow({ answer, mayManage, onEdit }: { answer: Answer; mayManage: boolean; onEdit: () => void }) {
  const { t } = useTranslation(['answers', 'common']);
  const confirm = useConfirm();
  const remove = useAct(endpoints.deleteAnswer, { refreshes: [endpoints.listAnswers] });
  const [first = '', ...others] = answer.questions;
  const askRemove = () =>
    confirm({
      title: t('remove.title', { question: first }),
      effect: t('remove.effect'),
      confirm: t('remove.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => remove.mutate({ params: { id: answer.id } }),
    });
  return (
    <article className={rows.row}>
      <div className={rows.main}>
        <h2 className={rows.title}>
          {first}
          {others.length > 0 ? <span className={classes.others}> {t('alsoAsked', { count: others.length })}</span> : null}
        </h2>
        <p className={classes.answer}>{answer.answer}</p>
      </div>
      <div className={rows.end}>
        {answer.language === '' ? null : <span className={classes.language}>{answer.language}</span>}
        {mayManage ? (
          <>
            <Tooltip label={t('common:action.edit')}>
              <ActionIcon onClick={onEdit} aria-label={t('edit', { question: first })}>
                <IconPencil size={17} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('common:action.remove')}>
              <ActionIcon onClick={askRemove} aria-label={t('remove.label', { question: first })}>
                <IconTrash size={17} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </>
        ) : null}
      </div>
    </article>
  );
}
