import { endpoints, type Service } from '@holdfast/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useRead } from '../../client/index.ts';
import { ListPage } from '../../parts/list-page.tsx';
import rows from '../../parts/rows.module.css';
import { ConnectionTabs } from '../connections/connection-tabs.tsx';
import { ImportDrawer } from './import-drawer.tsx';
import { ReplaceDrawer } from './replace-drawer.tsx';
import { ServiceDrawer } from './service-drawer.tsx';
import { ServiceRow } from './service-row.tsx';
import classes from './services-page.module.css';

type Opened = { what: 'import' } | { what: 'settings' | 'replace'; id: string } | null;

/** Services that describe themselves: their operations are steps in the palette. */
export function ServicesPage() {
  const { t } = useTranslation('services');
  const services = useRead(endpoints.listServices, {});
  const mayManage = useMay('credentials.manage');
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const chosen = (what: 'settings' | 'replace'): Service | null =>
    (opened?.what === what && services.data?.items.find(({ id }) => id === opened.id)) || null;
  return (
    <>
      <ListPage
        title={t('title')}
        lead={t('lead')}
        query={services}
        add={mayManage ? { label: t('import.open'), onAdd: () => setOpened({ what: 'import' }) } : null}
        empty={{ drawing: 'connections', title: t('empty.title'), text: t('empty.text') }}
        notice={<ConnectionTabs tab="services" />}
      >
        {(items) => (
          <div className={`${rows.card} ${classes.services}`}>
            {items.map((service) => (
              <ServiceRow
                key={service.id}
                service={service}
                onEdit={() => setOpened({ what: 'settings', id: service.id })}
                onReplace={() => setOpened({ what: 'replace', id: service.id })}
              />
            ))}
          </div>
        )}
      </ListPage>
      <ImportDrawer isOpen={opened?.what === 'import'} onClose={close} onDone={({ id }) => setOpened({ what: 'settings', id })} />
      <ServiceDrawer service={chosen('settings')} onClose={close} />
      <ReplaceDrawer service={chosen('replace')} onClose={close} />
    </>
  );
}
