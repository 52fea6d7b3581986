import { endpoints } from '@holdfast/contracts';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { activeHandoffs } from '../../shell/use-waiting-counts.ts';
import panes from '../talk/panes.module.css';
import { HandoffContext } from './handoff-context.tsx';
import { HandoffTalk } from './handoff-talk.tsx';
import { InboxQueue } from './inbox-queue.tsx';

/** People who wait for a person: who, what they said, what the bot knows, and what to do. */
export function InboxPage() {
  const { t } = useTranslation('inbox');
  useTitle(t('title'));
  const { id } = useParams({ strict: false });
  const { show } = useSearch({ strict: false });
  const navigate = useNavigate();
  const chosen = useRead(endpoints.getHandoff, { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const waiting = useRead(endpoints.listHandoffs, activeHandoffs);
  // The queue itself says that nobody waits; asking to choose somebody would be noise.
  const hasChoice = show === 'ended' || waiting.data?.items.length !== 0;
  return (
    <div className={panes.panes} data-panes={id === undefined ? '2' : '3'} data-open={id === undefined ? undefined : true}>
      <InboxQueue show={show === 'ended' ? 'ended' : 'active'} />
      <section className={panes.talk} aria-label={t('conversation')}>
        {id === undefined && hasChoice ? (
          <div className={panes.nothing}>
            <EmptyState drawing="inbox" title={t('choose.title')}>
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
          <HandoffTalk key={id} handoff={chosen.data} onBack={() => void navigate({ to: '/inbox' })} />
        ) : null}
      </section>
      {id === undefined ? null : (
        <aside className={panes.context} aria-label={t('context.label')}>
          {chosen.data ? <HandoffContext handoff={chosen.data} /> : null}
        </aside>
      )}
    </div>
  );
}
