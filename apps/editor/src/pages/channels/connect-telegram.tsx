import { endpoints, type Channel } from '@holdfast/contracts';
import { Anchor, Button, Code, Collapse, Group, Modal, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { showAtField, useEndpointForm } from '../../parts/use-endpoint-form.ts';
import classes from './connect-telegram.module.css';

/** Guides from no bot at all to a bot that answers. */
export function ConnectTelegram({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  const [made, setMade] = useState<Channel | null>(null);
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal opened={isOpen} onClose={close} title={t(made ? 'connected.title' : 'connect.title')} size="lg">
      {made ? <Connected channel={made} onClose={close} /> : <TokenForm onMade={setMade} />}
    </Modal>
  );
}

const steps = ['open', 'make', 'copy'] as const;

function TokenForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const connect = useAct(endpoints.createChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone: onMade });
  const form = useEndpointForm(endpoints.createChannel, {
    initial: { token: '', delivery: 'polling', publicUrl: '' },
    toBody: ({ token, delivery, publicUrl }) => ({
      kind: 'telegram',
      token: token.trim(),
      delivery,
      ...(delivery === 'webhook' ? { publicUrl: publicUrl.trim() } : {}),
    }),
  });
  const submit = form.onSubmit(({ token, delivery, publicUrl }) =>
    connect.mutate(
      {
        body: {
          kind: 'telegram',
          token: token.trim(),
          ...(delivery === 'webhook' ? { delivery: 'webhook', publicUrl: publicUrl.trim() } : { delivery: 'polling' }),
        },
      },
      { onError: (error) => void showAtField(form, error) },
    ),
  );
  const [isAdvanced, advanced] = useDisclosure(false);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>
              <Trans
                t={t}
                i18nKey={`connect.step.${step}`}
                components={{ code: <Code />, a: <Anchor href="https://t.me/BotFather" target="_blank" rel="noreferrer" /> }}
              />
            </li>
          ))}
        </ol>
        {connect.isError && Object.keys(form.errors).length === 0 ? <ProblemAlert error={connect.error} /> : null}
        <PasswordInput
          label={t('connect.token')}
          description={t('connect.tokenHint')}
          placeholder="123456789:AA…"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('token')}
        />
        <div>
          <Button variant="subtle" size="compact-sm" color="neutral" onClick={advanced.toggle} aria-expanded={isAdvanced}>
            {t('connect.advanced')}
          </Button>
          <Collapse expanded={isAdvanced}>
            <Stack gap="sm" mt="sm">
              <SegmentedControl
                aria-label={t('connect.delivery')}
                data={[
                  { value: 'polling', label: t('connect.polling') },
                  { value: 'webhook', label: t('connect.webhook') },
                ]}
                {...form.getInputProps('delivery')}
              />
              <p className={classes.hint}>{t(form.values.delivery === 'webhook' ? 'connect.webhookHint' : 'connect.pollingHint')}</p>
              {form.values.delivery === 'webhook' ? (
                <TextInput label={t('connect.publicUrl')} placeholder="https://bots.example.com" {...form.getInputProps('publicUrl')} />
              ) : null}
            </Stack>
          </Collapse>
        </div>
        <Group justify="flex-end">
          <Button type="submit" loading={connect.isPending}>
            {t('connect.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Connected({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <Stack gap="lg">
      <p className={classes.good}>
        <IconCheck size={20} stroke={1.75} aria-hidden />
        {t('connected.text', { name: channel.name })}
      </p>
      <div className={classes.privacy}>
        <h3>{t('connected.groups')}</h3>
        <p>
          <Trans t={t} i18nKey="connected.privacy" components={{ code: <Code /> }} />
        </p>
      </div>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t('connected.done')}
        </Button>
      </Group>
    </Stack>
  );
}
