import { endpoints, type Conversation } from '@holdfast/contracts';
import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct, useRead } from '../../client/use-call.ts';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { activeHandoffs } from '../../shell/use-waiting-counts.ts';
import { ContactFacts } from '../talk/contact-facts.tsx';
import { HolderBar } from '../talk/holder-bar.tsx';
import { MessageList } from '../talk/message-list.tsx';
import { TalkHead } from '../talk/talk-head.tsx';

/** One conversation to read, with the way to take it over. */
export function ConversationTalk({ conversation, onBack }: { conversation: Conversation; onBack: () => void }) {
  const { t } = useTranslation('inbox');
  const [showsContext, context] = useDisclosure(false);
  return (
    <>
      <TalkHead conversation={conversation} onBack={onBack}>
        <Tooltip label={t('context.label')}>
          <ActionIcon onClick={context.open} aria-label={t('context.label')}>
            <IconInfoCircle size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </TalkHead>
      <ConversationHolder conversation={conversation} />
      <MessageList conversation={conversation.id} />
      <Drawer opened={showsContext} onClose={context.close} position="right" size={340} title={t('context.label')} padding={0}>
        <ContactFacts conversation={conversation} />
      </Drawer>
    </>
  );
}

function ConversationHolder({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('conversations');
  const navigate = useNavigate();
  const confirm = useConfirm();
  const mayReply = useMay('inbox.reply');
  const isHeld = conversation.heldBy === 'person';
  const handoffs = useRead(endpoints.listHandoffs, activeHandoffs, { enabled: isHeld });
  const handoff = handoffs.data?.items.find((each) => each.conversation.id === conversation.id);
  const open = (id: string) => void navigate({ to: '/inbox/$id', params: { id } });
  const take = useAct(endpoints.takeConversation, {
    refreshes: [endpoints.listHandoffs, endpoints.listConversations, endpoints.getConversation],
    onDone: ({ id }) => open(id),
  });
  const askTake = () =>
    confirm({
      title: t('take.title'),
      effect: t('take.effect'),
      confirm: t('take.confirm'),
      tone: 'person',
      onConfirm: () => take.mutate({ params: { id: conversation.id } }),
    });
  const actions = handoff ? (
    <Button size="xs" variant="default" onClick={() => open(handoff.id)}>
      {t('toInbox')}
    </Button>
  ) : mayReply && !isHeld ? (
    <Button size="xs" variant="default" leftSection={<IconUser size={15} stroke={1.5} />} onClick={askTake} loading={take.isPending}>
      {t('take.label')}
    </Button>
  ) : null;
  const holder = isHeld ? (conversation.holder === null ? 'waiting' : 'other') : 'bot';
  return (
    <HolderBar holder={holder} actions={actions}>
      <Trans t={t} i18nKey={`holder.${holder}`} values={{ name: conversation.holder ?? '' }} components={{ b: <strong /> }} />
    </HolderBar>
  );
}
