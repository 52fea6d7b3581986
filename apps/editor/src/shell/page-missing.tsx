import { Button } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/empty-state.tsx';
import { useTitle } from '../parts/use-title.ts';

export function PageMissing() {
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  useTitle(t('missing.title'));
  return (
    <EmptyState
      drawing="lost"
      title={t('missing.title')}
      action={<Button renderRoot={(props) => <Link to="/flows" {...props} />}>{t('missing.home')}</Button>}
    >
      {t('missing.detail', { path: pathname })}
    </EmptyState>
  );
}
