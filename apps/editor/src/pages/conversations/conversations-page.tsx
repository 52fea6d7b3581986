import { endpoints } from '@holdfast/contracts';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useTitle } from '../../parts/use-title.ts';
import panes from '../talk/panes.module.css';
import { ConversationList } from './conversation-list.tsx';
import { ConversationTalk } from './conversation-talk.tsx';

/** Every conversation, to read; and to take over where a person should answer. */
export function ConversationsPage() {
  const { t } = useTranslation('conversations');
  useTitle(t('title'));
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const chosen = useRead(endpoints.getConversation, { params: { id: id ?? '' } }, { enabled: id !== undefined });
  return (
    <div className={panes.panes} data-panes="2" data-open={id === undefined ? undefined : true}>
      <ConversationList />
      <section className={panes.talk} aria-label={t('conversation')}>
        {id === undefined ? (
          <div className={panes.nothing}>
            <EmptyState drawing="conversations" title={t('choose.title')}>
              {t('choose.text')}
            </EmptyState>
          </div>
        ) : null}
        {chosen.isError && !chosen.data ? (
          <div style={{ padding: 20 }}>
            <ProblemAlert error={chosen.error} onRetry={() => void chosen.refetch()} />
          </div>
        ) : null}
        {id !== undefined && chosen.data ? (
          <ConversationTalk
            key={id}
            conversation={chosen.data}
            onBack={() => void navigate({ to: '/conversations', search: (search) => search })}
          />
        ) : null}
      </section>
    </div>
  );
}
