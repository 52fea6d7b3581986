import type { Message } from '@holdfast/contracts';
import { IconFile, IconHeadset } from '@tabler/icons-react';
import { Fragment, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import { MessageWords } from '../parts/message-words.tsx';
import type { Chat } from './use-chat.ts';
import { titleOfProblem } from '../parts/use-problem-title.ts';
import css from './simulator.module.css';

/** What was said, the newest below; while the bot works, three dots. */
export function MessageList({ chat, isTyping }: { chat: Chat; isTyping: boolean }) {
  const { t } = useTranslation('simulator');
  const end = useRef<HTMLDivElement>(null);
  const { messages, pending } = chat;
  const last = messages.at(-1);
  // In braces: newer browsers answer a promise here, which an effect must not return.
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [messages.length, last?.text, pending, isTyping]);
  return (
    <div className={css.messages} role="log" aria-label={t('messages')}>
      {messages.length === 0 && pending === null ? <p className={css.empty}>{t('empty', { name: chat.contact.name })}</p> : null}
      {messages.map((message) => (
        <Bubble key={message.id} message={message} isLast={message === last} onChoose={(button) => chat.write({ button })} />
      ))}
      {pending === null ? null : (
        <div className={css.bubble} data-author="customer" data-pending>
          {pending}
        </div>
      )}
      {isTyping && (last?.author === 'customer' || pending !== null) ? (
        <div className={css.typing} role="status" aria-label={t('typing')}>
          <i />
          <i />
          <i />
        </div>
      ) : null}
      <div ref={end} />
    </div>
  );
}

interface BubbleProps {
  message: Message;
  isLast: boolean;
  onChoose: (button: Message['buttons'][number]) => void;
}

function Bubble({ message, isLast, onChoose }: BubbleProps) {
  const { t } = useTranslation('simulator');
  const { t: tProblem } = useTranslation('problems');
  const format = useFormat();
  const isBad = message.status === 'failed' || message.status === 'unknown';
  return (
    <Fragment>
      <div className={css.bubble} data-author={message.author} data-message={message.id} title={format.exact(message.at)}>
        {message.author === 'human' ? (
          <span className={css.author}>
            <IconHeadset size={13} stroke={1.75} aria-hidden />
            {message.authorName ?? t('person')}
          </span>
        ) : null}
        <MessageWords message={message} />
        {message.attachments.map((file, index) => (
          <a
            key={file.fileId ?? index}
            className={css.file}
            href={file.fileId ? `/api/files/${file.fileId}` : undefined}
            style={{ color: 'inherit' }}
          >
            <IconFile size={15} stroke={1.5} aria-hidden />
            {file.name ?? t('file')}
          </a>
        ))}
      </div>
      {isBad ? (
        <span className={css.meta} data-bad data-author={message.author}>
          {message.problem ? titleOfProblem(tProblem, message.problem) : t(message.status === 'unknown' ? 'unknown' : 'failed')}
        </span>
      ) : null}
      {isLast && message.direction === 'out' && message.buttons.length > 0 ? (
        <div className={css.buttons}>
          {message.buttons.map((button) => (
            <button key={button.id} type="button" className={css.choice} onClick={() => onChoose(button)}>
              {button.label}
            </button>
          ))}
        </div>
      ) : null}
    </Fragment>
  );
}
