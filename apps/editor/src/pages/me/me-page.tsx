import { endpoints } from '@holdfast/contracts';
import { Button, PasswordInput, SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../client/session.ts';
import { useAct } from '../../client/use-call.ts';
import { chooseLanguage, languages, preferredLanguage } from '../../i18n/i18n.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { SettingsCard } from '../../parts/settings-card.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { languageNames } from '../../shell/language-menu.tsx';
import { showDone } from '../../shell/show-done.ts';
import { PasswordStrength } from '../welcome/password-strength.tsx';

/** One's own account. */
export function MePage() {
  const { t } = useTranslation(['me', 'common']);
  const session = useSession();
  return (
    <section>
      <PageHeader
        title={t('title')}
        lead={
          session
            ? t('lead', { email: session.user.email, role: t(`common:role.${session.role}`), workspace: session.workspace.name })
            : null
        }
      />
      <Stack gap="md">
        <Look />
        <Password />
      </Stack>
    </section>
  );
}

function Look() {
  const { t, i18n } = useTranslation(['me', 'shell']);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SettingsCard title={t('look.title')} lead={t('look.lead')}>
      <Stack gap="md" align="flex-start">
        <SegmentedControl
          aria-label={t('shell:language')}
          value={i18n.language}
          onChange={(wanted) => void chooseLanguage(preferredLanguage([wanted], null))}
          data={languages.map((language) => ({ value: language, label: languageNames[language] }))}
        />
        <SegmentedControl
          aria-label={t('shell:theme.label')}
          value={colorScheme}
          onChange={(wanted) => setColorScheme(wanted === 'light' || wanted === 'dark' ? wanted : 'auto')}
          data={[
            { value: 'light', label: t('shell:theme.light') },
            { value: 'dark', label: t('shell:theme.dark') },
            { value: 'auto', label: t('shell:theme.auto') },
          ]}
        />
      </Stack>
    </SettingsCard>
  );
}

function Password() {
  const { t } = useTranslation('me');
  const form = useEndpointForm(endpoints.changePassword, { initial: { currentPassword: '', newPassword: '' } });
  const change = useAct(endpoints.changePassword, {
    isQuiet: true,
    onDone: () => {
      form.reset();
      showDone(t('password.done'));
    },
  });
  const submit = form.onSubmit((values) => change.mutate({ body: values }, { onError: (error) => void showAtField(form, error) }));
  return (
    <SettingsCard title={t('password.title')} lead={t('password.lead')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md" maw={360}>
          {change.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={change.error} /> : null}
          <PasswordInput label={t('password.current')} autoComplete="current-password" {...form.getInputProps('currentPassword')} />
          <div>
            <PasswordInput label={t('password.next')} autoComplete="new-password" {...form.getInputProps('newPassword')} />
            <PasswordStrength password={form.values.newPassword} />
          </div>
          <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
            {t('password.submit')}
          </Button>
        </Stack>
      </form>
    </SettingsCard>
  );
}
