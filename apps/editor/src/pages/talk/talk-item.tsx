import type { Conversation } from '@holdfast/contracts';
import { IconUser } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../../parts/age.tsx';
import { ContactFace } from './contact-face.tsx';
import classes from './talk-item.module.css';

interface TalkItemProps {
  conversation: Conversation;
  /** What this entry tells beside the name: the reason, or the last message. */
  line: string;
  at: string;
  /** Who answers, when it is a person. */
  holder: string | null;
  children: (className: string, content: ReactNode) => ReactNode;
}

/** One entry of a list of conversations; the caller wraps it in its own link. */
export function TalkItem({ conversation, line, at, holder, children }: TalkItemProps) {
  const { t } = useTranslation('common');
  return children(
    classes.item ?? '',
    <>
      <ContactFace conversation={conversation} />
      <span className={classes.words}>
        <span className={classes.first}>
          <span className={classes.name}>{conversation.contact.name || t('unknownContact')}</span>
          <span className={classes.at}>
            <Age at={at} />
          </span>
        </span>
        <span className={classes.line}>{line}</span>
        <span className={classes.last}>
          <span className={classes.channel}>{conversation.channel.name}</span>
          {holder ? (
            <span className={classes.holder}>
              <IconUser size={13} stroke={1.75} aria-hidden />
              {holder}
            </span>
          ) : null}
        </span>
      </span>
    </>,
  );
}
