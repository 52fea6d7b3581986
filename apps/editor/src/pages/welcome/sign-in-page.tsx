import { endpoints } from '@holdfast/contracts';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../client/api-error.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { safeNext } from '../../client/safe-next.ts';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { useTitle } from '../../parts/use-title.ts';
import { useEnter } from './use-enter.ts';
import { WelcomeFrame } from './welcome-frame.tsx';

const route = getRouteApi('/sign-in');
const { signIn } = endpoints;

export function SignInPage() {
  const { t } = useTranslation('welcome');
  useTitle(t('signIn.title'));
  const enter = useEnter();
  const { next } = route.useSearch();
  const [error, setError] = useState<unknown>(null);
  const form = useEndpointForm(signIn, { initial: { email: '', password: '' } });
  const submit = form.onSubmit(async (values) => {
    setError(null);
    await enter(values, safeNext(next)).catch(setError);
  });
  return (
    <WelcomeFrame title={t('signIn.title')} lead={t('signIn.lead')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SignInProblem error={error} />
          <TextInput label={t('email')} type="email" autoComplete="username" autoFocus {...form.getInputProps('email')} />
          <PasswordInput label={t('password')} autoComplete="current-password" {...form.getInputProps('password')} />
          <Button type="submit" size="md" fullWidth loading={form.submitting}>
            {t('signIn.submit')}
          </Button>
          <p style={{ color: 'var(--text-2)', fontSize: 13, lineHeight: '20px' }}>{t('signIn.forgotten')}</p>
        </Stack>
      </form>
    </WelcomeFrame>
  );
}

function SignInProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('welcome');
  if (!error) return null;
  if (error instanceof ApiError && error.status === 401)
    return <ProblemAlert problem={{ code: 'welcome.mismatch', title: t('signIn.mismatch'), detail: t('signIn.mismatchHint') }} />;
  return <ProblemAlert error={error} />;
}
