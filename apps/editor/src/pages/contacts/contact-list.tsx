import { endpoints, type ContactSummary } from '@holdfast/contracts';
import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useReadPages } from '../../client/use-call.ts';
import { ChannelIcon } from '../../parts/channel-icon.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Face } from '../../parts/face.tsx';
import { PagesView } from '../../parts/pages-view.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import panes from '../talk/panes.module.css';
import { AddContact } from './add-contact.tsx';
import css from './contacts.module.css';

export function ContactList() {
  const { t } = useTranslation(['contacts', 'common']);
  const { search } = useSearch({ strict: false });
  const navigate = useNavigate();
  const mayManage = useMay('contacts.manage');
  const [isAdding, adding] = useDisclosure(false);
  const contacts = useReadPages(endpoints.listContacts, { query: { limit: 50, ...(search ? { search } : {}) } });
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
        <SearchField
          className={css.search}
          label={t('search')}
          initial={search ?? ''}
          onSearch={(wanted) =>
            void navigate({ to: '.', search: (before) => ({ ...before, search: wanted === '' ? undefined : wanted }), replace: true })
          }
        />
      </header>
      <div className={panes.scroll}>
        <PagesView
          query={contacts}
          empty={
            <EmptyState drawing={search ? 'search' : 'conversations'} title={t(search ? 'nothing.title' : 'empty.title')} isCompact>
              {t(search ? 'nothing.text' : 'empty.text')}
            </EmptyState>
          }
        >
          {(items, more) => (
            <>
              {items.map((contact) => (
                <ContactItem key={contact.id} contact={contact} />
              ))}
              {more}
            </>
          )}
        </PagesView>
      </div>
      <AddContact isOpen={isAdding} onClose={adding.close} />
    </section>
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
          <ChannelIcon key={kind} kind={kind} size={14} />
        ))}
      </span>
    </Link>
  );
}
