import type { Channel } from '@holdfast/contracts';
import { Group, PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConnectDialog, ConnectForm } from './connect-dialog.tsx';
import { useConnectForm } from './use-connect-form.ts';
import { WhatsAppWebhook } from './whatsapp-webhook.tsx';

/** Guides from an app at Meta's to a number that answers: first what we need to call Meta, then what Meta needs to call us. */
export function ConnectWhatsApp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <ConnectDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('whatsapp.title')}
      doneTitle={t('whatsapp.hook.title')}
      form={(onMade) => <AccountForm onMade={onMade} />}
      done={(channel, close) => <WhatsAppWebhook channel={channel} onClose={close} />}
    />
  );
}

/** A page that is served over https is most likely where Meta can reach us too. */
const likelyUrl = (): string => (window.location.protocol === 'https:' ? window.location.origin : '');
const nothing = () => ({ phoneNumberId: '', wabaId: '', token: '', appSecret: '', publicUrl: likelyUrl() });

const whatsappBody = ({ phoneNumberId, wabaId, token, appSecret, publicUrl }: ReturnType<typeof nothing>) =>
  ({
    kind: 'whatsapp',
    phoneNumberId: phoneNumberId.trim(),
    wabaId: wabaId.trim(),
    token: token.trim(),
    ...(appSecret.trim() === '' ? {} : { appSecret: appSecret.trim() }),
    ...(publicUrl.trim() === '' ? {} : { publicUrl: publicUrl.trim() }),
  }) as const;

function AccountForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const connecting = useConnectForm({ initial: nothing(), toBody: whatsappBody, onMade });
  const { form } = connecting;
  return (
    <ConnectForm connecting={connecting} steps="whatsapp">
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
    </ConnectForm>
  );
}
