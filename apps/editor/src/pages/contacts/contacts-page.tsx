import { endpoints } from '@holdfast/contracts';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { RowsSkeleton } from '../../parts/rows-skeleton.tsx';
import { useTitle } from '../../parts/use-title.ts';
import panes from '../talk/panes.module.css';
import { ContactList } from './contact-list.tsx';
import { ContactView } from './contact-view.tsx';

/** Everybody who wrote or can be written to, on whichever channels. */
export function ContactsPage() {
  const { t } = useTranslation('contacts');
  useTitle(t('title'));
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const chosen = useRead(endpoints.getContact, { params: { id: id ?? '' } }, { enabled: id !== undefined });
  const back = () => void navigate({ to: '/contacts', search: (search) => search });
  return (
    <div className={panes.panes} data-panes="2" data-open={id === undefined ? undefined : true}>
      <ContactList />
      <section className={panes.talk} aria-label={t('contact')}>
        {id === undefined ? (
          <div className={panes.nothing}>
            <EmptyState drawing="conversations" title={t('choose.title')}>
              {t('choose.text')}
            </EmptyState>
          </div>
        ) : null}
        {id !== undefined && chosen.isPending ? <RowsSkeleton /> : null}
        {chosen.isError && !chosen.data ? (
          <div style={{ padding: 20 }}>
            <ProblemAlert error={chosen.error} onRetry={() => void chosen.refetch()} />
          </div>
        ) : null}
        {id !== undefined && chosen.data ? <ContactView key={id} contact={chosen.data} onBack={back} /> : null}
      </section>
    </div>
  );
}
