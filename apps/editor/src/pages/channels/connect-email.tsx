import { endpoints, type Channel } from '@holdfast/contracts';
import { Anchor, Button, Collapse, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { ChannelConnected } from './channel-connected.tsx';
import classes from './connect-telegram.module.css';
import { emailBody, noMailbox, type MailboxValues } from './email-values.ts';
import { MailServerFields } from './mail-server-fields.tsx';
import { MailTokenFields } from './mail-token-fields.tsx';
import { guessServers, mailPresets, presetOf, type MailPreset } from './mail-presets.ts';

/** From an address and a password to a mailbox that is read and answered; everything else has a good guess. */
export function ConnectEmail({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const [made, setMade] = useState<Channel | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(made ? 'connected.title' : 'email.title')} size="lg">
      {made ? <ChannelConnected channel={made} onClose={close} /> : <MailboxForm onMade={setMade} />}
    </Modal>
  );
}

function MailboxForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const connect = useAct(endpoints.createChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone: onMade });
  const form = useEndpointForm<MailboxValues>(endpoints.createChannel, { initial: noMailbox, toBody: emailBody });
  const [isAdvanced, advanced] = useDisclosure(false);
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
  const submit = form.onSubmit((values) =>
    connect.mutate(
      { body: emailBody(values) },
      {
        onError: (error) => {
          if (showAtField(form, error)) advanced.open();
        },
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        {connect.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={connect.error} /> : null}
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
        <div>
          <Button variant="subtle" size="compact-sm" color="neutral" onClick={advanced.toggle} aria-expanded={isAdvanced}>
            {t('email.advanced')}
          </Button>
          <Collapse expanded={isAdvanced}>
            <MailServerFields form={form} />
          </Collapse>
        </div>
        <p className={classes.hint}>{t('email.promise')}</p>
        <Group justify="flex-end">
          <Button type="submit" loading={connect.isPending}>
            {t('connect.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function PasswordHint({ page }: { page: string | undefined }) {
  const { t } = useTranslation('channels');
  if (page === undefined) return t('email.passwordHint');
  return <Trans t={t} i18nKey="email.appPassword" components={{ a: <Anchor href={page} target="_blank" rel="noreferrer" inherit /> }} />;
}
