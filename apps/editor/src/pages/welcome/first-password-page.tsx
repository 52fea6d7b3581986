import { endpoints } from '@holdfast/contracts';
import { Button, PasswordInput, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { useTitle } from '../../parts/use-title.ts';
import { PasswordStrength } from './password-strength.tsx';
import { WelcomeFrame } from './welcome-frame.tsx';

const { changePassword } = endpoints;

/** For people whose first password was made by somebody else; nothing else works before. */
export function FirstPasswordPage() {
  const { t } = useTranslation(['welcome', 'me']);
  useTitle(t('change.title'));
  const client = useQueryClient();
  const change = useAct(changePassword, {
    isQuiet: true,
    onDone: () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  const form = useEndpointForm(changePassword, { initial: { currentPassword: '', newPassword: '' } });
  const submit = form.onSubmit((values) => change.mutate({ body: values }, { onError: (error) => void showAtField(form, error) }));
  return (
    <WelcomeFrame title={t('change.title')} lead={t('change.lead')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {change.isError ? <ProblemAlert error={change.error} /> : null}
          <PasswordInput
            label={t('me:password.current')}
            autoComplete="current-password"
            autoFocus
            {...form.getInputProps('currentPassword')}
          />
          <div>
            <PasswordInput label={t('me:password.next')} autoComplete="new-password" {...form.getInputProps('newPassword')} />
            <PasswordStrength password={form.values.newPassword} />
          </div>
          <Button type="submit" size="md" fullWidth loading={change.isPending}>
            {t('change.submit')}
          </Button>
        </Stack>
      </form>
    </WelcomeFrame>
  );
}
