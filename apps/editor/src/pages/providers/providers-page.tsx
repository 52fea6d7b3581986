import { endpoints, type Provider } from '@holdfast/contracts';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { LimitForm } from './limit-form.tsx';
import { PauseForm, type Holding } from './pause-form.tsx';
import { ProviderRow } from './provider-row.tsx';
import { QueueDrawer } from './queue-drawer.tsx';
import classes from './providers-page.module.css';

/** Health is no event of its own: it is asked for while somebody looks. */
const everyMs = 5_000;

/** The services that steps call: whether they answer, how fast they may be called, and what waits for them. */
export function ProvidersPage() {
  const { t } = useTranslation('providers');
  const providers = useRead(endpoints.listProviders, {}, { refetchInterval: everyMs });
  const [limited, setLimited] = useState<Provider | null>(null);
  const [held, setHeld] = useState<{ provider: Provider; holding: Holding } | null>(null);
  // A link of an alert opens what waits.
  const { queue = null } = useSearch({ strict: false });
  const [queued, setQueued] = useState<string | null>(queue);
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')} />
      <QueryView query={providers}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="connections" title={t('empty.title')}>
              {t('empty.text')}
            </EmptyState>
          ) : (
            <div className={`${rows.card} ${classes.providers}`}>
              {items.map((provider) => (
                <ProviderRow
                  key={provider.id}
                  provider={provider}
                  onLimit={() => setLimited(provider)}
                  onHold={(holding) => setHeld({ provider, holding })}
                  onQueue={() => setQueued(provider.id)}
                />
              ))}
            </div>
          )
        }
      </QueryView>
      <LimitForm provider={limited} onClose={() => setLimited(null)} />
      <PauseForm provider={held?.provider ?? null} holding={held?.holding ?? 'pause'} onClose={() => setHeld(null)} />
      <QueueDrawer provider={providers.data?.items.find(({ id }) => id === queued) ?? null} onClose={() => setQueued(null)} />
    </section>
  );
}
