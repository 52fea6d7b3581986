import { NumberInput, PasswordInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import classes from './connect-email.module.css';
import type { MailboxValues } from './email-values.ts';
import { withSecurity } from './mail-presets.ts';

type Form = UseFormReturnType<MailboxValues>;
const securities = ['tls', 'starttls', 'none'] as const;

/** Servers, user name, and what happens to a mail that was read. */
export function MailServerFields({ form }: { form: Form }) {
  const { t } = useTranslation('channels');
  return (
    <Stack gap="md">
      <ServerFields form={form} use="imap" />
      <ServerFields form={form} use="smtp" />
      <div className={classes.pair}>
        <TextInput label={t('email.user')} placeholder={form.values.address} autoComplete="off" {...form.getInputProps('user')} />
        <PasswordInput label={t('email.smtpPassword')} autoComplete="off" {...form.getInputProps('smtpPassword')} />
      </div>
      <SegmentedControl
        aria-label={t('email.signIn')}
        data={[
          { value: 'password', label: t('email.withPassword') },
          { value: 'oauth', label: t('email.withToken') },
        ]}
        {...form.getInputProps('signIn')}
      />
      <div className={classes.pair}>
        <Select
          label={t('email.afterReading')}
          allowDeselect={false}
          data={(['seen', 'keep', 'move'] as const).map((value) => ({ value, label: t(`email.after.${value}`) }))}
          {...form.getInputProps('afterReading')}
        />
        {form.values.afterReading === 'move' ? (
          <TextInput label={t('email.moveTo')} placeholder="Holdfast" {...form.getInputProps('moveTo')} />
        ) : null}
      </div>
    </Stack>
  );
}

function ServerFields({ form, use }: { form: Form; use: 'imap' | 'smtp' }) {
  const { t } = useTranslation('channels');
  const wrong = (['host', 'port', 'security'] as const).find((field) => Boolean(form.errors[`${use}.${field}`]));
  const marked = (field: 'host' | 'port' | 'security') => ({ error: wrong === field });
  return (
    <fieldset className={classes.server}>
      <legend>{t(`email.${use}`)}</legend>
      <TextInput label={t('email.host')} autoComplete="off" {...form.getInputProps(`${use}.host`)} {...marked('host')} />
      <NumberInput label={t('email.port')} hideControls min={1} max={65_535} {...form.getInputProps(`${use}.port`)} {...marked('port')} />
      <Select
        label={t('email.security')}
        allowDeselect={false}
        data={securities.map((value) => ({ value, label: t(`email.secure.${value}`) }))}
        value={form.values[use].security}
        {...marked('security')}
        onChange={(value) => {
          const security = securities.find((one) => one === value);
          if (security) form.setFieldValue(use, withSecurity(use, form.values[use], security));
        }}
      />
      {/* A sentence with a hint has no room below a narrow field. */}
      {wrong ? (
        <p className={classes.wrong} role="alert">
          {form.errors[`${use}.${wrong}`]}
        </p>
      ) : null}
    </fieldset>
  );
}
