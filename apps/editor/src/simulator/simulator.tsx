import { endpoints, type FlowDetail, type RunDetail } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconPlayerTrackNext, IconPlus, IconRefresh, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../canvas/zoom-bar.tsx';
import { useCountdown } from '../canvas/use-countdown.ts';
import { useRead } from '../client/index.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useNow } from '../parts/use-now.ts';
import { FaultsMenu } from './faults-menu.tsx';
import { MessageList } from './message-list.tsx';
import { useChat, type Chat } from './use-chat.ts';
import { useLitPath } from './use-lit-path.ts';
import { WriteBar } from './write-bar.tsx';
import css from './simulator.module.css';

/** A chat as a phone beside the drawing. It talks to the published version, as customers do. */
export function Simulator({ detail }: { detail: FlowDetail }) {
  const { t } = useTranslation('simulator');
  const chat = useChat(detail.id);
  const run = useRead(endpoints.getRun, { params: { id: chat.runId ?? '' } }, { enabled: chat.runId !== null });
  useLitPath(chat.runId === null ? null : (run.data ?? null));
  const isWorking = useIsWorking(chat, run.data ?? null);
  const { data } = useRead(endpoints.listFlows, {});
  const isDraft = (data?.items.find((flow) => flow.id === detail.id) ?? detail).status === 'draft';
  return (
    <section className={css.dock} aria-label={t('title')} data-testid="simulator">
      {isDraft ? <p className={css.notLive}>{t('notLive')}</p> : null}
      <div className={css.phone}>
        <Head chat={chat} detail={detail} />
        <Holder chat={chat} />
        <MessageList chat={chat} isTyping={isWorking} />
        {run.data && run.data.status !== 'ended' && run.data.wakeAt !== null && run.data.waitingFor !== 'reply' ? (
          <WaitBar wakeAt={run.data.wakeAt} onSkip={chat.skipWait} />
        ) : null}
        <WriteBar onWrite={chat.write} />
      </div>
    </section>
  );
}

/** Messages that follow each other are answered together, so a run may begin a moment after the last of them. */
const answersWithinMs = 8_000;

/** Whether an answer of the bot is to be expected: the customer wrote last, and the run behind it moves, tries again, or is about to begin. */
function useIsWorking(chat: Chat, run: RunDetail | null): boolean {
  const now = useNow();
  const last = chat.messages.at(-1);
  if (chat.conversation?.heldBy === 'person') return false;
  if (chat.pending !== null) return true;
  if (last?.author !== 'customer') return false;
  if (run && run.status !== 'ended' && Date.parse(run.startedAt) >= Date.parse(last.at) - 1_000)
    return run.status === 'running' || run.steps.some((step) => step.status === 'retrying');
  return now - Date.parse(last.at) < answersWithinMs;
}

function Head({ chat, detail }: { chat: Chat; detail: FlowDetail }) {
  const { t } = useTranslation('simulator');
  const { session } = useWorkbench();
  return (
    <header className={css.head}>
      <div className={css.people} role="group" aria-label={t('people')}>
        {chat.people.contacts.map((contact, index) => (
          <button
            key={contact.name}
            type="button"
            className={css.person}
            aria-pressed={index === chat.people.current}
            title={contact.name}
            aria-label={contact.name}
            onClick={() => chat.choose(index)}
          >
            <span aria-hidden>{contact.name.slice(0, 2)}</span>
          </button>
        ))}
      </div>
      <BarButton Icon={IconPlus} label={t('addPerson')} isDisabled={chat.people.contacts.length >= 12} onClick={chat.add} />
      <FaultsMenu detail={detail} contact={chat.contact.name} />
      <BarButton Icon={IconRefresh} label={t('reset')} onClick={chat.reset} />
      <BarButton Icon={IconX} label={t('close')} onClick={() => session.getState().set({ isSimulatorOpen: false })} />
    </header>
  );
}

/** Who answers right now, and the way to the run behind it. */
function Holder({ chat }: { chat: Chat }) {
  const { t } = useTranslation('simulator');
  const isPerson = chat.conversation?.heldBy === 'person';
  return (
    <div className={css.holder} data-held={isPerson ? 'person' : 'bot'}>
      <span>
        <strong>{chat.contact.name}</strong> ·{' '}
        {t(isPerson ? (chat.conversation?.holder ? 'heldBy' : 'heldWaiting') : 'heldByBot', { name: chat.conversation?.holder ?? '' })}
      </span>
      {chat.runId === null ? null : (
        <Link to="/runs/$id" params={{ id: chat.runId }}>
          {t('openRun')}
        </Link>
      )}
    </div>
  );
}

function WaitBar({ wakeAt, onSkip }: { wakeAt: string; onSkip: () => void }) {
  const { t } = useTranslation('simulator');
  const left = useCountdown(wakeAt);
  return (
    <div className={css.wait}>
      <span>{left === null ? t('waiting') : t('waitingFor', { time: left })}</span>
      <Button
        size="compact-xs"
        variant="white"
        color="warn"
        radius="xl"
        leftSection={<IconPlayerTrackNext size={14} stroke={1.75} />}
        onClick={onSkip}
      >
        {t('skip')}
      </Button>
    </div>
  );
}
