import { endpoints, type Conversation } from '@holdfast/contracts';
import { Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead, useReadPages } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagesView } from '../../parts/pages-view.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import panes from '../talk/panes.module.css';
import { TalkItem } from '../talk/talk-item.tsx';
import classes from './conversation-list.module.css';
import { ExportMessages } from './export-messages.tsx';

export function ConversationList() {
  const { t } = useTranslation('conversations');
  const { search, channel } = useSearch({ strict: false });
  const query = { limit: 50, ...(search ? { search } : {}), ...(channel ? { channel } : {}) };
  const conversations = useReadPages(endpoints.listConversations, { query });
  return (
    <section className={panes.list} aria-label={t('list')}>
      <header className={panes.listHead}>
        <h1 className={panes.listTitle}>
          {t('title')}
          <ExportMessages />
        </h1>
        <Filters />
      </header>
      <div className={panes.scroll}>
        <PagesView query={conversations} empty={<NoConversations isFiltered={Boolean(search ?? channel)} />}>
          {(items, more) => (
            <>
              {items.map((conversation) => (
                <ConversationItem key={conversation.id} conversation={conversation} />
              ))}
              {more}
            </>
          )}
        </PagesView>
      </div>
    </section>
  );
}

function ConversationItem({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const holder = conversation.heldBy === 'person' ? (conversation.holder ?? t('aPerson')) : null;
  return (
    <TalkItem conversation={conversation} line={conversation.lastMessage} at={conversation.lastMessageAt} holder={holder}>
      {(className, content) => (
        <Link
          to="/conversations/$id"
          params={{ id: conversation.id }}
          search={(search) => search}
          className={className}
          activeProps={{ 'aria-current': 'page' }}
        >
          {content}
        </Link>
      )}
    </TalkItem>
  );
}

function Filters() {
  const { t } = useTranslation('conversations');
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const channels = useRead(endpoints.listChannels, {}, { staleTime: 30_000 });
  const change = (part: { search?: string | undefined; channel?: string | undefined }) =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true });
  const all = channels.data?.items ?? [];
  return (
    <div className={classes.filters}>
      <SearchField
        label={t('search')}
        initial={search.search ?? ''}
        onSearch={(wanted) => change({ search: wanted === '' ? undefined : wanted })}
      />
      {all.length > 1 ? (
        <Select
          aria-label={t('channel')}
          placeholder={t('anyChannel')}
          clearable
          data={all.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.channel ?? null}
          onChange={(channel) => change({ channel: channel ?? undefined })}
        />
      ) : null}
    </div>
  );
}

function NoConversations({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation('conversations');
  const kind = isFiltered ? 'nothing' : 'empty';
  return (
    <EmptyState drawing={isFiltered ? 'search' : 'conversations'} title={t(`${kind}.title`)} isCompact>
      {t(`${kind}.text`)}
    </EmptyState>
  );
}
