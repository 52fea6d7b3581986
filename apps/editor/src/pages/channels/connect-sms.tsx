import { endpoints, type Channel, type ChannelConnection } from '@holdfast/contracts';
import { Anchor, Button, Checkbox, Code, Collapse, Group, Modal, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { ChannelConnected } from './channel-connected.tsx';
import classes from './connect-telegram.module.css';

/** From a Twilio number to one that answers: it is checked with Twilio, and Twilio is told where to call. */
export function ConnectSms({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const [made, setMade] = useState<Channel | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(made ? 'connected.title' : 'sms.title')} size="lg">
      {made ? (
        <ChannelConnected channel={made} onClose={close}>
          {made.status === 'paused' ? <p className={classes.privacy}>{t('sms.notCalled')}</p> : null}
        </ChannelConnected>
      ) : (
        <NumberForm onMade={setMade} />
      )}
    </Modal>
  );
}

const steps = ['open', 'copy', 'number'] as const;
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
  const connect = useAct(endpoints.createChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone: onMade });
  const form = useEndpointForm(endpoints.createChannel, { initial: nothing, toBody: smsBody });
  const [isAdvanced, advanced] = useDisclosure(false);
  const submit = form.onSubmit((values) =>
    connect.mutate({ body: smsBody(values) }, { onError: (error) => void showAtField(form, error) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>
              <Trans
                t={t}
                i18nKey={`sms.step.${step}`}
                components={{ code: <Code />, a: <Anchor href="https://console.twilio.com" target="_blank" rel="noreferrer" /> }}
              />
            </li>
          ))}
        </ol>
        {connect.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={connect.error} /> : null}
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
        <div>
          <Button variant="subtle" size="compact-sm" color="neutral" onClick={advanced.toggle} aria-expanded={isAdvanced}>
            {t('connect.advanced')}
          </Button>
          <Collapse expanded={isAdvanced}>
            <Stack gap="md" mt="sm">
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
          </Collapse>
        </div>
        <p className={classes.hint}>{t('sms.promise')}</p>
        <Group justify="flex-end">
          <Button type="submit" loading={connect.isPending}>
            {t('connect.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
