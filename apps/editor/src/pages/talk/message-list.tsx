import { endpoints, type Message } from '@holdfast/contracts';
import { Button, Skeleton } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useReadPages } from '../../client/use-call.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { MessageBubble } from './message-bubble.tsx';
import classes from './message-list.module.css';

// Within this distance of its end, a list is being followed, and new messages scroll into view.
const followPx = 120;

/** A conversation's messages, the newest below; earlier ones on demand. */
export function MessageList({ conversation }: { conversation: string }) {
  const { t } = useTranslation(['inbox', 'common']);
  const messages = useReadPages(endpoints.listMessages, { params: { id: conversation }, query: { limit: 50 } });
  const list = (messages.data?.pages.flatMap(({ items }) => items) ?? []).toReversed();
  const box = useFollowedEnd(conversation, list.at(-1)?.id);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className={classes.box} ref={box} tabIndex={0} role="log" aria-label={t('messages.label')} aria-live="polite">
      <div className={classes.column}>
        {messages.isError ? <ProblemAlert error={messages.error} onRetry={() => void messages.refetch()} /> : null}
        {messages.isPending ? <BubblesSkeleton /> : null}
        {messages.hasNextPage ? (
          <Button
            variant="subtle"
            size="xs"
            color="neutral"
            onClick={() => void messages.fetchNextPage()}
            loading={messages.isFetchingNextPage}
          >
            {t('messages.earlier')}
          </Button>
        ) : null}
        {messages.isSuccess && list.length === 0 ? <p className={classes.nothing}>{t('messages.none')}</p> : null}
        <Days list={list} />
      </div>
    </div>
  );
}

function useFollowedEnd(conversation: string, newest: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef('');
  useLayoutEffect(() => {
    const place = box.current;
    if (!place || newest === undefined) return;
    const isOther = shown.current !== conversation;
    if (
      isOther ||
      place.scrollHeight - place.scrollTop - place.clientHeight < followPx + (place.lastElementChild?.lastElementChild?.clientHeight ?? 0)
    )
      place.scrollTop = place.scrollHeight;
    shown.current = conversation;
  }, [conversation, newest]);
  return box;
}

function Days({ list }: { list: readonly Message[] }) {
  const format = useFormat();
  return list.map((message, index) => {
    const before = list[index - 1];
    const startsDay = !before || new Date(before.at).toDateString() !== new Date(message.at).toDateString();
    const continues =
      !startsDay &&
      before.author === message.author &&
      before.authorName === message.authorName &&
      Date.parse(message.at) - Date.parse(before.at) < 120_000;
    return (
      <div key={message.id} className={classes.entry} data-continues={continues || undefined}>
        {startsDay ? <div className={classes.day}>{format.day(message.at)}</div> : null}
        <MessageBubble message={message} showsAuthor={!continues} />
      </div>
    );
  });
}

const BubblesSkeleton = () => (
  <>
    <Skeleton height={38} width="46%" radius={12} />
    <Skeleton height={58} width="54%" radius={12} ml="auto" />
    <Skeleton height={38} width="30%" radius={12} />
  </>
);
