import { endpoints } from '@holdfast/contracts';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { setupQuery } from '../../client/setup.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { useTitle } from '../../parts/use-title.ts';
import { PasswordStrength } from './password-strength.tsx';
import { useEnter } from './use-enter.ts';
import { WelcomeFrame } from './welcome-frame.tsx';

const { setup } = endpoints;

/** The first page anybody sees: makes the owner, once. */
export function SetupPage() {
  const { t } = useTranslation('welcome');
  useTitle(t('setup.title'));
  const client = useQueryClient();
  const navigate = useNavigate();
  const enter = useEnter();
  const form = useEndpointForm(setup, { initial: { name: '', workspace: '', email: '', password: '' } });
  const make = useAct(setup, { isQuiet: true });
  const submit = form.onSubmit(async (values) => {
    try {
      await make.mutateAsync({ body: values });
      client.setQueryData(setupQuery.queryKey, { isOpen: false });
      await enter({ email: values.email, password: values.password });
    } catch (error) {
      if (showAtField(form, error)) make.reset();
      else if (client.getQueryData(setupQuery.queryKey)?.isOpen === false) await navigate({ to: '/sign-in' });
    }
  });
  return (
    <WelcomeFrame title={t('setup.title')} lead={t('setup.lead')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {make.isError ? <ProblemAlert error={make.error} /> : null}
          <TextInput label={t('setup.name')} autoComplete="name" autoFocus {...form.getInputProps('name')} />
          <TextInput
            label={t('setup.workspace')}
            description={t('setup.workspaceHint')}
            autoComplete="organization"
            {...form.getInputProps('workspace')}
          />
          <TextInput label={t('email')} type="email" autoComplete="email" {...form.getInputProps('email')} />
          <div>
            <PasswordInput label={t('password')} autoComplete="new-password" {...form.getInputProps('password')} />
            <PasswordStrength password={form.values.password} />
          </div>
          <Button type="submit" size="md" fullWidth loading={form.submitting || make.isPending}>
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </WelcomeFrame>
  );
}
