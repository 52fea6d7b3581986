import { endpoints, type Contact } from '@holdfast/contracts';
import { ActionIcon, Button, Group, Textarea, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { Age } from '../../parts/age.tsx';
import css from './contacts.module.css';

/** What colleagues should know; the customer never sees it. */
export function Notes({ contact, mayManage }: { contact: Contact; mayManage: boolean }) {
  const { t } = useTranslation('contacts');
  const [text, setText] = useState('');
  const add = useAct(endpoints.addContactNote, { refreshes: [endpoints.getContact], onDone: () => setText('') });
  const remove = useAct(endpoints.removeContactNote, { refreshes: [endpoints.getContact] });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') add.mutate({ params: { id: contact.id }, body: { text } });
  };
  return (
    <section className={css.card} aria-label={t('notes.title')}>
      <h3>{t('notes.title')}</h3>
      {mayManage ? (
        <form className={css.form} onSubmit={submit}>
          <Textarea
            aria-label={t('notes.label')}
            placeholder={t('notes.placeholder')}
            autosize
            minRows={1}
            maxRows={8}
            maxLength={5_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {text.trim() === '' ? null : (
            <Group justify="flex-end">
              <Button size="xs" type="submit" loading={add.isPending}>
                {t('notes.add')}
              </Button>
            </Group>
          )}
        </form>
      ) : contact.notes.length === 0 ? (
        <p className={css.none}>{t('notes.none')}</p>
      ) : null}
      {contact.notes.map((note) => (
        <div key={note.id} className={css.note}>
          <p>{note.text}</p>
          <span className={css.at}>
            {note.by} · <Age at={note.at} />
          </span>
          {mayManage ? (
            <Tooltip label={t('notes.remove')}>
              <ActionIcon
                className={css.noteRemove}
                aria-label={t('notes.remove')}
                onClick={() => remove.mutate({ params: { id: contact.id, part: note.id } })}
              >
                <IconTrash size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </div>
      ))}
    </section>
  );
}
