import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import rows from './rows.module.css';

/** Rows on their way. */
export function RowsSkeleton({ count = 5 }: { count?: number }) {
  const { t } = useTranslation('common');
  return (
    <div className={rows.card} role="status" aria-busy="true" aria-label={t('problem.loading')}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={rows.loading}>
          <Skeleton height={14} width={`${34 - ((index * 7) % 16)}%`} />
          <Skeleton height={12} width={`${58 - ((index * 11) % 25)}%`} mt={9} />
        </div>
      ))}
    </div>
  );
}
