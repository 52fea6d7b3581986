import { endpoints, type ContactSummary } from '@holdfast/contracts';
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useReadPages } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { RowsSkeleton } from '../../parts/rows-skeleton.tsx';
import panes from '../talk/panes.module.css';
import { AddContact } from './add-contact.tsx';
import { KindIcon } from './kind-icon.tsx';
import { Face } from './face.tsx';
import css from './contacts.module.css';

export function ContactList() {
  const { t } = useTranslation(['contacts', 'common']);
  const { search } = useSearch({ strict: false });
  const mayManage = useMay('contacts.manage');
  const [isAdding, adding] = useDisclosure(false);
  const contacts = useReadPages(endpoints.listContacts, { query: { limit: 50, ...(search ? { search } : {}) } });
  const items = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = contacts.isSuccess && items.length === 0;
  return (
    <section className={panes.list} aria-label={t('list')}>
      <header className={panes.listHead}>
        <h1 className={panes.listTitle}>
          {t('title')}
          {mayManage ? (
            <Tooltip label={t('add')}>
              <ActionIcon onClick={adding.open} aria-label={t('add')}>
                <IconPlus size={18} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
          ) : null}
        </h1>
        <Search />
      </header>
      <div className={panes.scroll}>
        {contacts.isPending ? <RowsSkeleton /> : null}
        {contacts.isError && items.length === 0 ? <ProblemAlert error={contacts.error} onRetry={() => void contacts.refetch()} /> : null}
        {isEmpty ? (
          <EmptyState drawing={search ? 'search' : 'conversations'} title={t(search ? 'nothing.title' : 'empty.title')} isCompact>
            {t(search ? 'nothing.text' : 'empty.text')}
          </EmptyState>
        ) : null}
        {items.map((contact) => (
          <ContactItem key={contact.id} contact={contact} />
        ))}
        {contacts.hasNextPage ? (
          <div className={css.more}>
            <Button variant="subtle" size="xs" onClick={() => void contacts.fetchNextPage()} loading={contacts.isFetchingNextPage}>
              {t('common:action.loadMore')}
            </Button>
          </div>
        ) : null}
      </div>
      <AddContact isOpen={isAdding} onClose={adding.close} />
    </section>
  );
}

function Search() {
  const { t } = useTranslation('contacts');
  const { search } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [text, setText] = useState(search ?? '');
  const searchSoon = useDebouncedCallback(
    (wanted: string) => void navigate({ to: '.', search: () => (wanted === '' ? {} : { search: wanted }), replace: true }),
    300,
  );
  return (
    <TextInput
      mt={8}
      aria-label={t('search')}
      placeholder={t('search')}
      leftSection={<IconSearch size={16} stroke={1.5} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        searchSoon(event.currentTarget.value.trim());
      }}
    />
  );
}

function ContactItem({ contact }: { contact: ContactSummary }) {
  const { t } = useTranslation('common');
  const kinds = [...new Set(contact.identities.map(({ channelKind }) => channelKind))];
  return (
    <Link
      to="/contacts/$id"
      params={{ id: contact.id }}
      search={(search) => search}
      className={css.item}
      activeProps={{ 'aria-current': 'page' }}
    >
      <Face name={contact.name} />
      <span className={css.itemWords}>
        <span className={css.itemName}>{contact.name || t('unknownContact')}</span>
        <span className={css.itemLine}>{contact.identities.map(({ address }) => address).join(' · ')}</span>
      </span>
      <span className={css.kinds}>
        {kinds.map((kind) => (
          <KindIcon key={kind} kind={kind} size={14} />
        ))}
      </span>
    </Link>
  );
}
