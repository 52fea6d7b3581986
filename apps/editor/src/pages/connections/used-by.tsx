import type { Credential } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import rows from '../../parts/rows.module.css';
import classes from './connections-page.module.css';

/** The flows that lose something when it goes, each a click away. */
export function UsedBy({ flows }: { flows: Credential['usedBy'] }) {
  const { t } = useTranslation('connections');
  if (flows.length === 0) return <div className={classes.used}>{t('unused')}</div>;
  return (
    <div className={classes.used} title={flows.map(({ name }) => name).join(', ')}>
      {t('usedBy')}{' '}
      {flows.map(({ flow, name }, index) => (
        <span key={flow} className={rows.above}>
          {index > 0 ? ', ' : ''}
          <Link to="/flows/$id" params={{ id: flow }}>
            {name}
          </Link>
        </span>
      ))}
    </div>
  );
}
