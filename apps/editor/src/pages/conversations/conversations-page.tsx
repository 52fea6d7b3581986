import { endpoints } from '@holdfast/contracts';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { useTitle } from '../../parts/use-title.ts';
import { ListAndOne } from '../talk/list-and-one.tsx';
import { ConversationList } from './conversation-list.tsx';
import { ConversationTalk } from './conversation-talk.tsx';

/** Every conversation, to read; and to take over where a person should answer. */
export function ConversationsPage() {
  const { t } = useTranslation('conversations');
  useTitle(t('title'));
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const chosen = useRead(endpoints.getConversation, { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const back = () => void navigate({ to: '/conversations', search: (search) => search });
  return (
    <ListAndOne
      list={<ConversationList />}
      label={t('conversation')}
      id={id}
      chosen={chosen}
      invite={{ title: t('choose.title'), text: t('choose.text') }}
    >
      {(conversation) => <ConversationTalk key={id} conversation={conversation} onBack={back} />}
    </ListAndOne>
  );
}
