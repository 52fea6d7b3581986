import type { Channel, ChannelConnection } from '@holdfast/contracts';
import { Checkbox, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { ChannelConnected } from './channel-connected.tsx';
import { ConnectDialog, ConnectForm } from './connect-dialog.tsx';
import classes from './connect.module.css';
import { useConnectForm } from './use-connect-form.ts';

/** From a Twilio number to one that answers: it is checked with Twilio, and Twilio is told where to call. */
export function ConnectSms({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <ConnectDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('sms.title')}
      form={(onMade) => <NumberForm onMade={onMade} />}
      done={({ name, status }, close) => (
        <ChannelConnected words={t('done.sms', { name })} onClose={close}>
          {status === 'paused' ? <p className={classes.privacy}>{t('sms.notCalled')}</p> : null}
        </ChannelConnected>
      )}
    />
  );
}

const nothing = {
  accountSid: '',
  authToken: '',
  sender: 'number',
  from: '',
  messagingServiceSid: '',
  publicUrl: '',
  advancedOptOut: false,
};

function smsBody({
  accountSid,
  authToken,
  sender,
  from,
  messagingServiceSid,
  publicUrl,
  advancedOptOut,
}: typeof nothing): Extract<ChannelConnection, { kind: 'sms' }> {
  return {
    kind: 'sms',
    accountSid: accountSid.trim(),
    authToken: authToken.trim(),
    ...(sender === 'number' ? { from: from.replaceAll(/[\s().-]/g, '') } : { messagingServiceSid: messagingServiceSid.trim() }),
    ...(publicUrl.trim() === '' ? {} : { publicUrl: publicUrl.trim() }),
    ...(advancedOptOut ? { advancedOptOut } : {}),
  };
}

function NumberForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const [isAdvanced, advanced] = useDisclosure(false);
  const connecting = useConnectForm({ initial: nothing, toBody: smsBody, onMade, onFieldRefused: advanced.open });
  const { form } = connecting;
  return (
    <ConnectForm connecting={connecting} steps="sms" promise={t('sms.promise')}>
      <TextInput label={t('sms.accountSid')} placeholder="AC…" autoComplete="off" data-autofocus {...form.getInputProps('accountSid')} />
      <PasswordInput
        label={t('sms.authToken')}
        description={t('sms.authTokenHint')}
        autoComplete="off"
        {...form.getInputProps('authToken')}
      />
      <SegmentedControl
        aria-label={t('sms.sender')}
        data={[
          { value: 'number', label: t('sms.number') },
          { value: 'service', label: t('sms.service') },
        ]}
        {...form.getInputProps('sender')}
      />
      {form.values.sender === 'number' ? (
        <TextInput label={t('sms.from')} placeholder="+1 555 000 1111" autoComplete="off" {...form.getInputProps('from')} />
      ) : (
        <TextInput
          label={t('sms.messagingServiceSid')}
          placeholder="MG…"
          autoComplete="off"
          {...form.getInputProps('messagingServiceSid')}
          error={form.errors['messagingServiceSid'] ?? form.errors['from']}
        />
      )}
      <MoreSettings label={t('connect.advanced')} isOpen={isAdvanced} onToggle={advanced.toggle}>
        <Stack gap="md">
          <TextInput
            label={t('connect.publicUrl')}
            description={t('sms.publicUrlHint')}
            placeholder="https://bots.example.com"
            {...form.getInputProps('publicUrl')}
          />
          <Checkbox
            label={t('sms.advancedOptOut')}
            description={t('sms.advancedOptOutHint')}
            {...form.getInputProps('advancedOptOut', { type: 'checkbox' })}
          />
        </Stack>
      </MoreSettings>
    </ConnectForm>
  );
}
