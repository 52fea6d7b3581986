import { endpoints, type Handoff } from '@holdfast/contracts';
import { SegmentedControl } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { activeHandoffs } from '../../shell/use-waiting-counts.ts';
import { useSaid } from '../../parts/use-said.ts';
import panes from '../talk/panes.module.css';
import { TalkItem } from '../talk/talk-item.tsx';
import { AskToNotify } from './ask-to-notify.tsx';
import { queueGroups, type QueueGroup } from './queue-groups.ts';
import { useHolderOf } from './use-holder-of.ts';

const endedHandoffs = { query: { status: 'ended', limit: 50 } } as const;

/** Who waits, longest first; then what people hold. */
export function InboxQueue({ show }: { show: 'active' | 'ended' }) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const handoffs = useRead(endpoints.listHandoffs, show === 'ended' ? endedHandoffs : activeHandoffs);
  return (
    <section className={panes.list} aria-label={t('queue')}>
      <header className={panes.listHead}>
        <h1 className={panes.listTitle}>
          {t('title')}
          <SegmentedControl
            size="xs"
            aria-label={t('show.label')}
            value={show}
            onChange={(next) => void navigate({ to: '/inbox', search: next === 'ended' ? { show: 'ended' } : {} })}
            data={[
              { value: 'active', label: t('show.active') },
              { value: 'ended', label: t('show.ended') },
            ]}
          />
        </h1>
      </header>
      <AskToNotify />
      <div className={panes.scroll}>
        <QueryView query={handoffs}>
          {({ items }) =>
            items.length === 0 ? (
              <NobodyWaits show={show} />
            ) : (
              <Groups groups={show === 'ended' ? [{ name: 'ended', items }] : queueGroups(items)} />
            )
          }
        </QueryView>
      </div>
    </section>
  );
}

function Groups({ groups }: { groups: QueueGroup[] }) {
  const { t } = useTranslation('inbox');
  return groups.map(({ name, items }) => (
    <div key={name}>
      {name === 'ended' ? null : <h2 className={panes.group}>{t(`group.${name}`, { count: items.length })}</h2>}
      {items.map((handoff) => (
        <QueueItem key={handoff.id} handoff={handoff} />
      ))}
    </div>
  ));
}

function QueueItem({ handoff }: { handoff: Handoff }) {
  const { t } = useTranslation('inbox');
  const said = useSaid();
  const holder = useHolderOf(handoff);
  const name = holder === 'me' ? t('you') : holder === 'other' ? handoff.claimedBy : null;
  return (
    <TalkItem conversation={handoff.conversation} line={said(handoff.reason)} at={handoff.endedAt ?? handoff.openedAt} holder={name}>
      {(className, content) => (
        <Link
          to="/inbox/$id"
          params={{ id: handoff.id }}
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

function NobodyWaits({ show }: { show: 'active' | 'ended' }) {
  const { t } = useTranslation('inbox');
  return (
    <EmptyState drawing={show === 'active' ? 'done' : 'inbox'} title={t(`empty.${show}.title`)} isCompact>
      {t(`empty.${show}.text`)}
    </EmptyState>
  );
}
