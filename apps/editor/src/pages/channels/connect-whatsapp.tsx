import { endpoints, type Channel } from '@holdfast/contracts';
import { Anchor, Button, Code, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import classes from './connect-telegram.module.css';
import { WhatsAppWebhook } from './whatsapp-webhook.tsx';

/** Guides from an app at Meta's to a number that answers: first what we need to call Meta, then what Meta needs to call us. */
export function ConnectWhatsApp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const [made, setMade] = useState<Channel | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(made ? 'whatsapp.hook.title' : 'whatsapp.title')} size="lg">
      {made ? <WhatsAppWebhook channel={made} onClose={close} /> : <AccountForm onMade={setMade} />}
    </Modal>
  );
}

const steps = ['app', 'ids', 'token', 'secret'] as const;
const trimmed = ({
  phoneNumberId,
  wabaId,
  token,
  appSecret,
  publicUrl,
}: Record<'phoneNumberId' | 'wabaId' | 'token' | 'appSecret' | 'publicUrl', string>) =>
  ({
    kind: 'whatsapp',
    phoneNumberId: phoneNumberId.trim(),
    wabaId: wabaId.trim(),
    token: token.trim(),
    ...(appSecret.trim() === '' ? {} : { appSecret: appSecret.trim() }),
    ...(publicUrl.trim() === '' ? {} : { publicUrl: publicUrl.trim() }),
  }) as const;
/** A page that is served over https is most likely where Meta can reach us too. */
const likelyUrl = (): string => (window.location.protocol === 'https:' ? window.location.origin : '');

function AccountForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const connect = useAct(endpoints.createChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone: onMade });
  const form = useEndpointForm(endpoints.createChannel, {
    initial: { phoneNumberId: '', wabaId: '', token: '', appSecret: '', publicUrl: likelyUrl() },
    toBody: trimmed,
  });
  const submit = form.onSubmit((values) =>
    connect.mutate({ body: trimmed(values) }, { onError: (error) => void showAtField(form, error) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>
              <Trans
                t={t}
                i18nKey={`whatsapp.step.${step}`}
                components={{ code: <Code />, a: <Anchor href="https://developers.facebook.com/apps" target="_blank" rel="noreferrer" /> }}
              />
            </li>
          ))}
        </ol>
        {connect.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={connect.error} /> : null}
        <Group grow align="flex-start">
          <TextInput label={t('whatsapp.phoneNumberId')} inputMode="numeric" data-autofocus {...form.getInputProps('phoneNumberId')} />
          <TextInput label={t('whatsapp.wabaId')} inputMode="numeric" {...form.getInputProps('wabaId')} />
        </Group>
        <PasswordInput
          label={t('whatsapp.token')}
          description={t('whatsapp.secretHint')}
          autoComplete="off"
          {...form.getInputProps('token')}
        />
        <PasswordInput
          label={t('whatsapp.appSecret')}
          description={t('whatsapp.appSecretHint')}
          autoComplete="off"
          {...form.getInputProps('appSecret')}
        />
        <TextInput
          label={t('connect.publicUrl')}
          description={t('whatsapp.publicUrlHint')}
          placeholder="https://bots.example.com"
          {...form.getInputProps('publicUrl')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={connect.isPending}>
            {t('connect.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
