import { endpoints, type Answer } from '@holdfast/contracts';
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ListPage } from '../../parts/list-page.tsx';
import { RowActs } from '../../parts/row-acts.tsx';
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
  return (
    <>
      <ListPage
        title={t('title')}
        lead={t('lead')}
        query={answers}
        add={mayManage ? { label: t('add'), onAdd: () => setEdited('new') } : null}
        empty={{ drawing: 'answers', title: t('empty.title'), text: t('empty.text') }}
      >
        {(items) => <Answers items={items} mayManage={mayManage} onEdit={setEdited} />}
      </ListPage>
      <AnswerDrawer edited={edited} onClose={() => setEdited(null)} />
    </>
  );
}

interface AnswersProps {
  items: readonly Answer[];
  mayManage: boolean;
  onEdit: (answer: Answer) => void;
}

function Answers({ items, mayManage, onEdit }: AnswersProps) {
  const { t } = useTranslation('answers');
  const [search, setSearch] = useState('');
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
            <AnswerRow key={answer.id} answer={answer} mayManage={mayManage} onEdit={() => onEdit(answer)} />
          ))}
        </div>
      )}
    </>
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
          <RowActs
            labels={{ edit: t('edit', { question: first }), remove: t('remove.label', { question: first }) }}
            onEdit={onEdit}
            onRemove={askRemove}
          />
        ) : null}
      </div>
    </article>
  );
}
