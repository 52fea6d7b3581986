import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import tabs from '../settings/settings-page.module.css';

export const connectionTabs = ['services', 'agents'] as const;
/** The tabs differ in their search alone. */
const exactly = { exact: true, includeSearch: true };
export type ConnectionTab = (typeof connectionTabs)[number];

/** What belongs to reaching other systems: connections first, then what flows can do with them. */
export function ConnectionTabs({ tab }: { tab: ConnectionTab | undefined }) {
  const { t } = useTranslation('services');
  return (
    <nav className={tabs.tabs} aria-label={t('tabs.label')}>
      <Link
        to="/connections"
        search={{}}
        activeOptions={exactly}
        className={tabs.tab}
        aria-current={tab === undefined ? 'page' : undefined}
      >
        {t('tabs.connections')}
      </Link>
      {connectionTabs.map((name) => (
        <Link
          key={name}
          to="/connections"
          search={{ tab: name }}
          activeOptions={exactly}
          className={tabs.tab}
          aria-current={tab === name ? 'page' : undefined}
        >
          {t(`tabs.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
