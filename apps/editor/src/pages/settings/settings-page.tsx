import { isAllowed } from '@holdfast/contracts';
import { Link, useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../client/session.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageMissing } from '../../shell/page-missing.tsx';
import { AlertsTab } from './alerts-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { BackupsTab } from './backups-tab.tsx';
import { EmailTab } from './email-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { MirrorTab } from './mirror-tab.tsx';
import { ModelsTab } from './models-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import classes from './settings-page.module.css';
import { isTabName, settingsTabs, type TabName } from './settings-tabs.ts';
import { WorkspaceTab } from './workspace-tab.tsx';

const tabs: Record<TabName, ComponentType> = {
  workspace: WorkspaceTab,
  people: PeopleTab,
  keys: KeysTab,
  alerts: AlertsTab,
  email: EmailTab,
  models: ModelsTab,
  backups: BackupsTab,
  mirror: MirrorTab,
  audit: AuditTab,
};

// On a phone the chosen tab may lie beyond the edge.
const intoView = (tab: HTMLElement | null) => tab?.scrollIntoView({ block: 'nearest', inline: 'center' });

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const { tab = 'workspace' } = useParams({ strict: false });
  const role = useSession()?.role;
  const mine = settingsTabs.filter(({ needs }) => role !== undefined && isAllowed(role, needs));
  const name = isTabName(tab) && mine.some((each) => each.name === tab) ? tab : null;
  if (name === null) return <PageMissing />;
  const Tab = tabs[name];
  return (
    <section>
      <PageHeader title={t('title')} />
      <nav className={classes.tabs} aria-label={t('title')}>
        {mine.map((each) => (
          <Link
            key={each.name}
            to="/settings/$tab"
            params={{ tab: each.name }}
            className={classes.tab}
            aria-current={each.name === name ? 'page' : undefined}
            ref={each.name === name ? intoView : null}
          >
            {t(`tab.${each.name}`)}
          </Link>
        ))}
      </nav>
      <Tab />
    </section>
  );
}
