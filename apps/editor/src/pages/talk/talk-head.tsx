import type { Conversation } from '@holdfast/contracts';
import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerWindow } from './answer-window.tsx';
import { ContactFace } from './contact-face.tsx';
import classes from './talk-head.module.css';

/** The head of an open conversation: with whom, where, and the way back on a phone. */
export function TalkHead({ conversation, onBack, children }: { conversation: Conversation; onBack: () => void; children?: ReactNode }) {
  const { t } = useTranslation(['inbox', 'common']);
  return (
    <header className={classes.head}>
      <ActionIcon className={classes.back} onClick={onBack} aria-label={t('common:action.back')}>
        <IconArrowLeft size={18} stroke={1.5} />
      </ActionIcon>
      <ContactFace conversation={conversation} size={34} />
      <div className={classes.words}>
        <h2 className={classes.name}>{conversation.contact.name || t('common:unknownContact')}</h2>
        <p className={classes.where}>
          {conversation.channel.name}
          {conversation.isGroup ? ` · ${t('groupChat')}` : ''}
          <AnswerWindow conversation={conversation} />
        </p>
      </div>
      <div className={classes.actions}>{children}</div>
    </header>
  );
}
