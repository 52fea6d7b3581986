import { endpoints, type Credential } from '@holdfast/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { ListPage } from '../../parts/list-page.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import rows from '../../parts/rows.module.css';
import { AgentsPage } from '../agents/agents-page.tsx';
import { ServicesPage } from '../services/services-page.tsx';
import { ConnectionTabs } from './connection-tabs.tsx';
import { CredentialDrawer } from './credential-drawer.tsx';
import { CredentialRow } from './credential-row.tsx';
import classes from './connections-page.module.css';

const route = getRouteApi('/app/connections');

export function ConnectionsPage() {
  const { tab } = route.useSearch();
  switch (tab) {
    case 'services':
      return <ServicesPage />;
    case 'agents':
      return <AgentsPage />;
    case undefined:
      return <CredentialsPage />;
  }
}

/** Keys for the services and models that flows call. Written once, never shown again. */
function CredentialsPage() {
  const { t } = useTranslation('connections');
  const credentials = useRead(endpoints.listCredentials, {});
  const mayManage = useMay('credentials.manage');
  const { refused } = route.useSearch();
  const [edited, setEdited] = useState<Credential | 'new' | null>(null);
  return (
    <>
      <ListPage
        title={t('title')}
        lead={t('lead')}
        query={credentials}
        add={mayManage ? { label: t('add'), onAdd: () => setEdited('new') } : null}
        empty={{ drawing: 'connections', title: t('empty.title'), text: t('empty.text') }}
        notice={
          <>
            <ConnectionTabs tab={undefined} />
            {refused === undefined ? null : (
              <div className={classes.notice}>
                <ProblemAlert
                  problem={{ code: 'connection.refused', title: t('refused.title'), detail: t(`refused.${refused}`) }}
                  tone="warn"
                />
              </div>
            )}
          </>
        }
      >
        {(items) => (
          <div className={`${rows.card} ${classes.credentials}`}>
            {items.map((credential) => (
              <CredentialRow key={credential.id} credential={credential} onEdit={() => setEdited(credential)} />
            ))}
          </div>
        )}
      </ListPage>
      <CredentialDrawer edited={edited} redirectUri={credentials.data?.redirectUri ?? ''} onClose={() => setEdited(null)} />
    </>
  );
}
