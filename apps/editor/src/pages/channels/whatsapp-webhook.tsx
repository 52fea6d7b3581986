import { endpoints, type Channel } from '@holdfast/contracts';
import { Button, Code, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useAct, useRead } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import classes from './connect.module.css';
import { CopyField } from './copy-field.tsx';

/** What Holdfast acts on; further fields of Meta's do no harm. */
const fields = [
  'messages',
  'message_template_status_update',
  'message_template_quality_update',
  'template_category_update',
  'phone_number_quality_update',
  'business_capability_update',
  'account_update',
  'account_alerts',
  'user_preferences',
  'user_id_update',
  'smb_message_echoes',
];

/** What to enter at Meta's so that it calls us, and whether it has. */
export function WhatsAppWebhook({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const { t } = useTranslation('channels');
  // The card behind is asked again every 3 s, so that the page says by itself when Meta has called.
  const now = useRead(endpoints.listChannels, {}, { refetchInterval: 3_000 }).data?.items.find(({ id }) => id === channel.id) ?? channel;
  const webhook = useRead(endpoints.readChannelWebhook, { params: { id: channel.id } });
  const needsSecret = now.status === 'paused' && now.health.facts['hasAppSecret'] === false;
  return (
    <Stack gap="lg">
      {needsSecret ? <SecretForm channel={now} /> : null}
      <QueryView query={webhook}>
        {({ url, verifyToken }) => (url === null ? <AddressForm channel={now} /> : <Addresses url={url} verifyToken={verifyToken} />)}
      </QueryView>
      <p className={classes.good} role="status">
        {typeof now.health.facts['verifiedAt'] === 'string' || typeof now.health.facts['webhookAt'] === 'string' ? (
          <>
            <IconCheck size={20} stroke={1.75} aria-hidden />
            {t('whatsapp.hook.seen')}
          </>
        ) : (
          <>
            <IconLoader2 size={20} stroke={1.75} aria-hidden className={classes.waiting} />
            {t('whatsapp.hook.waiting')}
          </>
        )}
      </p>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('connected.done')}</Button>
      </Group>
    </Stack>
  );
}

function Addresses({ url, verifyToken }: { url: string; verifyToken: string }) {
  const { t } = useTranslation('channels');
  return (
    <>
      <ol className={classes.steps}>
        <li>{t('whatsapp.hook.open')}</li>
        <li>{t('whatsapp.hook.paste')}</li>
        <li>
          {t('whatsapp.hook.subscribe')}
          <Group gap={6} mt={4}>
            {fields.map((field) => (
              <Code key={field}>{field}</Code>
            ))}
          </Group>
        </li>
      </ol>
      <CopyField label={t('whatsapp.hook.url')} value={url} />
      <CopyField label={t('whatsapp.hook.verifyToken')} value={verifyToken} />
    </>
  );
}

/** Without a public address Meta can't reach us; where nobody told us, we ask. */
function AddressForm({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const [address, setAddress] = useState('');
  const update = useAct(endpoints.updateChannel, { refreshes: [endpoints.listChannels, endpoints.readChannelWebhook], isQuiet: true });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({ params: { id: channel.id }, body: { settings: { publicUrl: address.trim().replace(/\/+$/, '') } } });
      }}
    >
      <Stack gap="sm">
        <p className={classes.hint}>
          <Trans t={t} i18nKey="whatsapp.hook.noAddress" components={{ code: <Code /> }} />
        </p>
        {update.isError ? <ProblemAlert error={update.error} /> : null}
        <Group align="flex-end">
          <TextInput
            flex={1}
            label={t('connect.publicUrl')}
            placeholder="https://bots.example.com"
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          <Button type="submit" loading={update.isPending} disabled={!/^https:\/\/[^/\s]+\.[^/\s]+/.test(address.trim())}>
            {t('whatsapp.hook.saveAddress')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function SecretForm({ channel }: { channel: Channel }) {
  const { t } = useTranslation('channels');
  const [secret, setSecret] = useState('');
  const update = useAct(endpoints.updateChannel, { refreshes: [endpoints.listChannels], isQuiet: true });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({ params: { id: channel.id }, body: { status: 'active', secrets: { appSecret: secret.trim() } } });
      }}
    >
      <Stack gap="sm">
        <p className={classes.hint}>{t('whatsapp.hook.noSecret')}</p>
        {update.isError ? <ProblemAlert error={update.error} /> : null}
        <Group align="flex-end">
          <PasswordInput
            flex={1}
            label={t('whatsapp.appSecret')}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <Button type="submit" loading={update.isPending} disabled={secret.trim().length < 16}>
            {t('whatsapp.hook.saveSecret')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
