import type { KeptCall } from '@holdfast/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './queue.module.css';

/** The step that a call is of; a run that was forgotten has none. */
export function CallOrigin({ origin }: Pick<KeptCall, 'origin'>) {
  const { t } = useTranslation('providers');
  if (!origin) return <span className={classes.origin}>{t('originGone')}</span>;
  const { flow, node, contact } = origin;
  const words = contact === null ? t('origin', { node, flow }) : t('originFor', { node, flow, contact });
  return (
    <Link className={classes.origin} to="/runs/$id" params={{ id: origin.runId }}>
      {node === '' ? flow : words}
    </Link>
  );
}
