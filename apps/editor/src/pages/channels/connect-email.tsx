import type { Channel } from '@holdfast/contracts';
import { Anchor, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Trans, useTranslation } from 'react-i18next';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { WayFields } from '../../parts/way-fields.tsx';
import { ChannelConnected } from './channel-connected.tsx';
import { ConnectDialog, ConnectForm } from './connect-dialog.tsx';
import { emailBody, noMailbox, type MailboxValues } from './email-values.ts';
import { MailServerFields } from './mail-server-fields.tsx';
import { MailTokenFields } from './mail-token-fields.tsx';
import { guessServers, mailPresets, presetOf, type MailPreset } from './mail-presets.ts';
import { useConnectForm } from './use-connect-form.ts';

/** From an address and a password to a mailbox that is read and answered; everything else has a good guess. */
export function ConnectEmail({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <ConnectDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('email.title')}
      form={(onMade) => <MailboxForm onMade={onMade} />}
      done={({ name }, close) => <ChannelConnected words={t('done.email', { name })} onClose={close} />}
    />
  );
}

function MailboxForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation(['channels', 'ways']);
  const [isAdvanced, advanced] = useDisclosure(false);
  const connecting = useConnectForm<MailboxValues>({ initial: noMailbox, toBody: emailBody, onMade, onFieldRefused: advanced.open });
  const { form } = connecting;
  const preset = mailPresets.find(({ id }) => id === form.values.provider) ?? null;
  const choose = (found: MailPreset | null) => {
    form.setFieldValue('provider', found?.id ?? 'other');
    const servers = found ?? guessServers(form.values.address);
    form.setFieldValue('imap', servers.imap);
    form.setFieldValue('smtp', servers.smtp);
    form.setFieldValue('signIn', found?.tokenUrl ? 'oauth' : 'password');
    form.setFieldValue('tokenUrl', found?.tokenUrl ?? '');
    // What was guessed has to be seen.
    if (found === null) advanced.open();
  };
  return (
    <ConnectForm connecting={connecting} promise={t('email.promise')}>
      <TextInput
        label={t('email.address')}
        description={t('email.addressHint')}
        placeholder="support@example.com"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('address')}
        onBlur={() => {
          if (form.values.provider === '' && form.values.address.includes('@')) choose(presetOf(form.values.address));
        }}
      />
      <Select
        label={t('email.provider')}
        placeholder={t('email.providerHint')}
        data={[...mailPresets.map(({ id, name }) => ({ value: id, label: name })), { value: 'other', label: t('email.other') }]}
        allowDeselect={false}
        value={form.values.provider === '' ? null : form.values.provider}
        onChange={(id) => choose(mailPresets.find((one) => one.id === id) ?? null)}
      />
      {form.values.signIn === 'oauth' ? (
        <MailTokenFields form={form} />
      ) : (
        <PasswordInput
          label={t('email.password')}
          description={<PasswordHint page={preset?.passwordPage} />}
          autoComplete="off"
          {...form.getInputProps('password')}
        />
      )}
      <TextInput label={t('email.fromName')} description={t('email.fromNameHint')} maxLength={120} {...form.getInputProps('fromName')} />
      <MoreSettings label={t('email.advanced')} isOpen={isAdvanced} onToggle={advanced.toggle}>
        <Stack gap="md">
          <MailServerFields form={form} />
          <WayFields
            values={form.values.via}
            onChange={(field, value) => form.setFieldValue(`via.${field}`, value)}
            errors={form.errors}
            ways={['proxy']}
            hint={t('ways:way.mailHint')}
            straightHint={t('ways:way.mailStraight')}
            keepsPassword={false}
          />
        </Stack>
      </MoreSettings>
    </ConnectForm>
  );
}

function PasswordHint({ page }: { page: string | undefined }) {
  const { t } = useTranslation('channels');
  if (page === undefined) return t('email.passwordHint');
  return <Trans t={t} i18nKey="email.appPassword" components={{ a: <Anchor href={page} target="_blank" rel="noreferrer" inherit /> }} />;
}
