import { endpoints, type Credential } from '@holdfast/contracts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import rows from '../../parts/rows.module.css';
import { CredentialDrawer } from './credential-drawer.tsx';
import { CredentialRow } from './credential-row.tsx';
import classes from './connections-page.module.css';

const route = getRouteApi('/app/connections');

/** Keys for the services and models that flows call. Written once, never shown again. */
export function ConnectionsPage() {
  const { t } = useTranslation('connections');
  const credentials = useRead(endpoints.listCredentials, {});
  const mayManage = useMay('credentials.manage');
  const { refused } = route.useSearch();
  const [edited, setEdited] = useState<Credential | 'new' | null>(null);
  const add = mayManage ? (
    <Button leftSection={<IconPlus size={16} stroke={2} />} onClick={() => setEdited('new')}>
      {t('add')}
    </Button>
  ) : null;
  return (
    <section>
      <PageHeader title={t('title')} lead={t('lead')}>
        {credentials.data?.items.length === 0 ? null : add}
      </PageHeader>
      {refused === undefined ? null : (
        <ProblemAlert problem={{ code: 'credential.attention', title: t('refused.title'), detail: t(`refused.${refused}`) }} tone="warn" />
      )}
      <QueryView query={credentials}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState drawing="connections" title={t('empty.title')} action={add}>
              {t('empty.text')}
            </EmptyState>
          ) : (
            <div className={`${rows.card} ${classes.credentials}`}>
              {items.map((credential) => (
                <CredentialRow key={credential.id} credential={credential} onEdit={() => setEdited(credential)} />
              ))}
            </div>
          )
        }
      </QueryView>
      <CredentialDrawer edited={edited} redirectUri={credentials.data?.redirectUri ?? ''} onClose={() => setEdited(null)} />
    </section>
  );
}
