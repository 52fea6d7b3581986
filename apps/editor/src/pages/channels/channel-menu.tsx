import { endpoints, type Channel } from '@holdfast/contracts';
import { Menu, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import {
  IconGauge,
  IconHistory,
  IconKey,
  IconLink,
  IconPencil,
  IconPlugX,
  IconRoute,
  IconSend,
  IconTemplate,
  IconWorld,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { RowMenu } from '../../parts/row-menu.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';
import { ChannelTemplates } from './channel-templates.tsx';
import { KeepMessages } from './keep-messages.tsx';
import { MailWay } from './mail-way.tsx';
import { SecondRelay } from './second-relay.tsx';
import { SendingLimits } from './sending-limits.tsx';
import { TestMessage } from './test-message.tsx';
import { WhatsAppWebhook } from './whatsapp-webhook.tsx';

type Change = 'name' | 'token';

const isMail = ({ kind }: Channel): boolean => kind === 'email';
/** What a kind calls the secret that people renew. */
const secretNames: Readonly<Record<Channel['kind'], string>> = {
  simulator: 'token',
  telegram: 'token',
  whatsapp: 'token',
  email: 'password',
  sms: 'authToken',
};
type Shown = 'test' | 'templates' | 'webhook' | 'relay' | 'way' | 'limits' | 'keep';

export function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation(['channels', 'common', 'ways']);
  const [change, setChange] = useState<Change | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const hide = () => setShown(null);
  const isWhatsApp = channel.kind === 'whatsapp';
  const confirm = useConfirm();
  const disconnect = useAct(endpoints.deleteChannel, { refreshes: [endpoints.listChannels] });
  const askDisconnect = () =>
    confirm({
      title: t('disconnect.title', { name: channel.name }),
      effect: t('disconnect.effect'),
      confirm: t('disconnect.confirm'),
      keep: t('common:action.keep'),
      onConfirm: () => disconnect.mutate({ params: { id: channel.id } }),
    });
  return (
    <>
      <RowMenu name={channel.name}>
        <Menu.Item leftSection={<IconSend size={16} stroke={1.5} />} onClick={() => setShown('test')}>
          {t('testMessage.label')}
        </Menu.Item>
        {isWhatsApp ? (
          <>
            <Menu.Item leftSection={<IconTemplate size={16} stroke={1.5} />} onClick={() => setShown('templates')}>
              {t('templates.label')}
            </Menu.Item>
            <Menu.Item leftSection={<IconLink size={16} stroke={1.5} />} onClick={() => setShown('webhook')}>
              {t('whatsapp.menu')}
            </Menu.Item>
          </>
        ) : null}
        <Menu.Divider />
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={() => setChange('name')}>
          {t('common:action.rename')}
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={16} stroke={1.5} />} onClick={() => setChange('token')}>
          {t(isMail(channel) ? 'newPassword.label' : 'newToken.label')}
        </Menu.Item>
        {isMail(channel) ? (
          <>
            <Menu.Item leftSection={<IconRoute size={16} stroke={1.5} />} onClick={() => setShown('relay')}>
              {t('relay.label')}
            </Menu.Item>
            <Menu.Item leftSection={<IconWorld size={16} stroke={1.5} />} onClick={() => setShown('way')}>
              {t('ways:way.title')}
            </Menu.Item>
          </>
        ) : null}
        <Menu.Item leftSection={<IconGauge size={16} stroke={1.5} />} onClick={() => setShown('limits')}>
          {t('limits.label')}
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={16} stroke={1.5} />} onClick={() => setShown('keep')}>
          {t('keep.label')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="bad" leftSection={<IconPlugX size={16} stroke={1.5} />} onClick={askDisconnect}>
          {t('disconnect.label')}
        </Menu.Item>
      </RowMenu>
      <Modal
        opened={change !== null}
        onClose={() => setChange(null)}
        title={t(change === 'name' ? 'rename.title' : isMail(channel) ? 'newPassword.title' : 'newToken.title')}
      >
        {change === null ? null : <ChangeForm channel={channel} change={change} onDone={() => setChange(null)} />}
      </Modal>
      <TestMessage channel={channel} isOpen={shown === 'test'} onClose={hide} />
      <SecondRelay channel={channel} isOpen={shown === 'relay'} onClose={hide} />
      <MailWay channel={channel} isOpen={shown === 'way'} onClose={hide} />
      <SendingLimits channel={channel} isOpen={shown === 'limits'} onClose={hide} />
      <KeepMessages channel={channel} isOpen={shown === 'keep'} onClose={hide} />
      <ChannelTemplates channel={channel} isOpen={shown === 'templates'} onClose={hide} />
      <Modal opened={shown === 'webhook'} onClose={hide} title={t('whatsapp.hook.title')} size="lg">
        {shown === 'webhook' ? <WhatsAppWebhook channel={channel} onClose={hide} /> : null}
      </Modal>
    </>
  );
}

function ChangeForm({ channel, change, onDone }: { channel: Channel; change: Change; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const [value, setValue] = useState(change === 'name' ? channel.name : '');
  const update = useAct(endpoints.updateChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone });
  const body = change === 'name' ? { name: value.trim() } : { secrets: { [secretNames[channel.kind]]: value.trim() } };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({ params: { id: channel.id }, body });
      }}
    >
      <Stack gap="md">
        {update.isError ? <ProblemAlert error={update.error} /> : null}
        {change === 'name' ? (
          <TextInput
            data-autofocus
            label={t('rename.name')}
            maxLength={120}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        ) : (
          <PasswordInput
            data-autofocus
            label={t(isMail(channel) ? 'email.password' : 'connect.token')}
            description={t(channel.kind === 'telegram' ? 'newToken.hint' : 'newToken.hintAny')}
            autoComplete="off"
            maxLength={1_000}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <FormEnd
          submit={t(change === 'name' ? 'rename.submit' : 'newToken.submit')}
          onCancel={onDone}
          isPending={update.isPending}
          isDisabled={value.trim() === ''}
        />
      </Stack>
    </form>
  );
}
