import { PasswordInput, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import classes from './connect-email.module.css';
import type { MailboxValues } from './email-values.ts';

/** OAuth2: what the provider gave for this mailbox. */
export function MailTokenFields({ form }: { form: UseFormReturnType<MailboxValues> }) {
  const { t } = useTranslation('channels');
  return (
    <Stack gap="md">
      <p className={classes.note}>{t('email.tokenHint')}</p>
      <div className={classes.pair}>
        <TextInput
          label={t('email.clientId')}
          autoComplete="off"
          {...form.getInputProps('clientId')}
          error={form.errors['oauth.clientId']}
        />
        <PasswordInput label={t('email.clientSecret')} autoComplete="off" {...form.getInputProps('clientSecret')} />
      </div>
      <PasswordInput
        label={t('email.refreshToken')}
        autoComplete="off"
        {...form.getInputProps('refreshToken')}
        error={form.errors['oauth.refreshToken']}
      />
      <TextInput label={t('email.tokenUrl')} {...form.getInputProps('tokenUrl')} error={form.errors['oauth.tokenUrl']} />
    </Stack>
  );
}
