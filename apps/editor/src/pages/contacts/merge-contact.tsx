import { endpoints, type Contact, type ContactSummary } from '@holdfast/contracts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { Face } from '../../parts/face.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import css from './contacts.module.css';

/** Joins another contact into this one: choose, see what happens, confirm. */
export function MergeContact({ contact, isOpen, onClose }: { contact: Contact; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('merge.title', { name: contact.name || t('common:unknownContact') })} size="lg">
      {isOpen ? <Choose contact={contact} onClose={onClose} /> : null}
    </Modal>
  );
}

function Choose({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'common']);
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  const [chosen, setChosen] = useState<ContactSummary | null>(null);
  const found = useRead(
    endpoints.listContacts,
    { query: { limit: 8, except: contact.id, ...(wanted === '' ? {} : { search: wanted }) } },
    { keepPrevious: true },
  );
  const merge = useAct(endpoints.mergeContacts, {
    refreshes: [endpoints.getContact, endpoints.listContacts, endpoints.listConversations, endpoints.getConversation],
    isQuiet: true,
    onDone: onClose,
  });
  const nameOf = ({ name }: { name: string }) => name || t('common:unknownContact');
  return (
    <Stack gap="md">
      {merge.isError ? <ProblemAlert error={merge.error} /> : null}
      <Text c="dimmed">{t('merge.effect', { name: nameOf(contact) })}</Text>
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        data-autofocus
        leftSection={<IconSearch size={16} stroke={1.5} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <div className={css.candidates} role="radiogroup" aria-label={t('merge.choose')}>
        {found.data?.items.map((one) => (
          <button
            key={one.id}
            type="button"
            role="radio"
            aria-checked={chosen?.id === one.id}
            className={css.candidate}
            onClick={() => setChosen(one)}
          >
            <Face name={one.name} />
            <span className={css.itemWords}>
              <span className={css.itemName}>{nameOf(one)}</span>
              <span className={css.itemLine}>{one.identities.map(({ address }) => address).join(' · ')}</span>
            </span>
          </button>
        ))}
        {found.data?.items.length === 0 ? <p className={css.none}>{t('nothing.title')}</p> : null}
      </div>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button
          disabled={chosen === null}
          loading={merge.isPending}
          onClick={() => chosen && merge.mutate({ params: { id: contact.id }, body: { contact: chosen.id } })}
        >
          {chosen ? t('merge.confirm', { name: nameOf(chosen) }) : t('merge.open')}
        </Button>
      </Group>
    </Stack>
  );
}
