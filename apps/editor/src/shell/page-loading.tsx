import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** While a page's code is on its way. */
export function PageLoading() {
  const { t } = useTranslation('common');
  return (
    <div aria-busy="true" aria-label={t('problem.loading')} role="status" style={{ padding: 24 }}>
      <Skeleton height={24} width={200} mb={24} />
      <Skeleton height={56} mb={8} />
      <Skeleton height={56} mb={8} />
      <Skeleton height={56} width="70%" />
    </div>
  );
}
