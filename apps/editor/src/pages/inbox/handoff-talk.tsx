import { endpoints, type Handoff } from '@holdfast/contracts';
import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle } from '@tabler/icons-react';
import { Trans, useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { Composer } from '../talk/composer.tsx';
import { HolderBar } from '../talk/holder-bar.tsx';
import { MessageList } from '../talk/message-list.tsx';
import { TalkHead } from '../talk/talk-head.tsx';
import { EndHandoff } from './end-handoff.tsx';
import { HandoffContext } from './handoff-context.tsx';
import classes from './handoff-talk.module.css';
import { useHolderOf } from './use-holder-of.ts';

/** A handed-over conversation: read, take, answer, give back. */
export function HandoffTalk({ handoff, onBack }: { handoff: Handoff; onBack: () => void }) {
  const { t } = useTranslation('inbox');
  const [showsContext, context] = useDisclosure(false);
  const holder = useHolderOf(handoff);
  const mayReply = useMay('inbox.reply');
  return (
    <>
      <TalkHead conversation={handoff.conversation} onBack={onBack}>
        {mayReply && holder === 'me' ? <EndHandoff handoff={handoff} /> : null}
        <Tooltip label={t('context.label')}>
          <ActionIcon className={classes.contextButton} onClick={context.open} aria-label={t('context.label')}>
            <IconInfoCircle size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </TalkHead>
      <HandoffHolder handoff={handoff} />
      <MessageList conversation={handoff.conversation.id} />
      {mayReply && holder === 'me' ? <Composer handoff={handoff} /> : null}
      <Drawer
        opened={showsContext}
        onClose={context.close}
        position="right"
        size={340}
        title={t('context.label')}
        padding={0}
        classNames={{ header: classes.drawerHead ?? '' }}
      >
        <HandoffContext handoff={handoff} />
      </Drawer>
    </>
  );
}

function HandoffHolder({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation('inbox');
  const holder = useHolderOf(handoff);
  const mayReply = useMay('inbox.reply');
  const take = useAct(endpoints.claimHandoff, { refreshes: [endpoints.listHandoffs, endpoints.getHandoff, endpoints.listConversations] });
  const takes = (label: string) => (
    <Button
      size="xs"
      color="person"
      onClick={() => take.mutate({ params: { id: handoff.id }, body: { takeOver: holder === 'other' } })}
      loading={take.isPending}
    >
      {label}
    </Button>
  );
  const name = handoff.claimedBy ?? '';
  const actions = !mayReply ? null : holder === 'waiting' ? takes(t('take')) : holder === 'other' ? takes(t('takeFrom', { name })) : null;
  return (
    <HolderBar holder={holder} actions={actions}>
      <Trans t={t} i18nKey={`holder.${holder}`} values={{ name }} components={{ b: <strong /> }} />
    </HolderBar>
  );
}
