import { endpoints, type Contact } from '@holdfast/contracts';
import type { JsonObject } from '@holdfast/node-kit';
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { asLine } from '../talk/as-line.ts';
import css from './contacts.module.css';

/** Named facts that flows can read as `contact.attributes`. */
export function ContactData({ contact, mayManage }: { contact: Contact; mayManage: boolean }) {
  const { t } = useTranslation('contacts');
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const save = useAct(endpoints.updateContact, {
    refreshes: [endpoints.getContact],
    onDone: () => {
      setName('');
      setValue('');
    },
  });
  const write = (attributes: JsonObject) => save.mutate({ params: { id: contact.id }, body: { attributes } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') write({ ...contact.attributes, [name.trim()]: value });
  };
  const entries = Object.entries(contact.attributes);
  return (
    <section className={css.card} aria-label={t('data.title')}>
      <h3>{t('data.title')}</h3>
      {entries.length === 0 && !mayManage ? <p className={css.none}>{t('data.none')}</p> : null}
      {entries.map(([key, given]) => (
        <div key={key} className={css.fact}>
          <span className={css.factName}>{key}</span>
          <span>{asLine(given)}</span>
          {mayManage ? (
            <Tooltip label={t('data.remove', { name: key })}>
              <ActionIcon
                aria-label={t('data.remove', { name: key })}
                onClick={() => write(Object.fromEntries(entries.filter(([other]) => other !== key)))}
              >
                <IconTrash size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </div>
      ))}
      {mayManage ? (
        <form className={css.row} onSubmit={submit}>
          <TextInput
            aria-label={t('data.name')}
            placeholder={t('data.name')}
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            aria-label={t('data.value')}
            placeholder={t('data.value')}
            flex={1}
            maxLength={2_000}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={name.trim() === ''} loading={save.isPending}>
            {t('data.set')}
          </Button>
        </form>
      ) : null}
    </section>
  );
}
