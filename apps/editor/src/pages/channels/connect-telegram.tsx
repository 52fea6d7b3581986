import type { Channel, ChannelConnection } from '@holdfast/contracts';
import { Code, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Trans, useTranslation } from 'react-i18next';
import { MoreSettings } from '../../parts/more-settings.tsx';
import { ChannelConnected } from './channel-connected.tsx';
import { ConnectDialog, ConnectForm } from './connect-dialog.tsx';
import classes from './connect.module.css';
import { useConnectForm } from './use-connect-form.ts';

/** Guides from no bot at all to a bot that answers. */
export function ConnectTelegram({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('channels');
  return (
    <ConnectDialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('connect.title')}
      form={(onMade) => <TokenForm onMade={onMade} />}
      done={({ name }, close) => (
        <ChannelConnected words={t('connected.text', { name })} onClose={close}>
          <div className={classes.privacy}>
            <h3>{t('connected.groups')}</h3>
            <p>
              <Trans t={t} i18nKey="connected.privacy" components={{ code: <Code /> }} />
            </p>
          </div>
        </ChannelConnected>
      )}
    />
  );
}

const nothing = { token: '', delivery: 'polling', publicUrl: '' };

const telegramBody = ({ token, delivery, publicUrl }: typeof nothing): ChannelConnection => ({
  kind: 'telegram',
  token: token.trim(),
  ...(delivery === 'webhook' ? { delivery: 'webhook', publicUrl: publicUrl.trim() } : { delivery: 'polling' }),
});

function TokenForm({ onMade }: { onMade: (channel: Channel) => void }) {
  const { t } = useTranslation('channels');
  const [isAdvanced, advanced] = useDisclosure(false);
  const connecting = useConnectForm({ initial: nothing, toBody: telegramBody, onMade });
  const { form } = connecting;
  return (
    <ConnectForm connecting={connecting} steps="telegram">
      <PasswordInput
        label={t('connect.token')}
        description={t('connect.tokenHint')}
        placeholder="123456789:AA…"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('token')}
      />
      <MoreSettings label={t('connect.advanced')} isOpen={isAdvanced} onToggle={advanced.toggle}>
        <Stack gap="sm">
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
      </MoreSettings>
    </ConnectForm>
  );
}
