import { endpoints, type Channel } from '@holdfast/contracts';
import { ActionIcon, Button, Group, Menu, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconDots, IconKey, IconPencil, IconPlugX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useConfirm } from '../../parts/use-confirm.tsx';

type Change = 'name' | 'token';

export function ChannelMenu({ channel }: { channel: Channel }) {
  const { t } = useTranslation(['channels', 'common']);
  const [change, setChange] = useState<Change | null>(null);
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
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={30} aria-label={t('common:action.more')}>
            <IconDots size={18} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={() => setChange('name')}>
            {t('common:action.rename')}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} stroke={1.5} />} onClick={() => setChange('token')}>
            {t('newToken.label')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="bad" leftSection={<IconPlugX size={16} stroke={1.5} />} onClick={askDisconnect}>
            {t('disconnect.label')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={change !== null} onClose={() => setChange(null)} title={t(change === 'token' ? 'newToken.title' : 'rename.title')}>
        {change === null ? null : <ChangeForm channel={channel} change={change} onDone={() => setChange(null)} />}
      </Modal>
    </>
  );
}

function ChangeForm({ channel, change, onDone }: { channel: Channel; change: Change; onDone: () => void }) {
  const { t } = useTranslation(['channels', 'common']);
  const [value, setValue] = useState(change === 'name' ? channel.name : '');
  const update = useAct(endpoints.updateChannel, { refreshes: [endpoints.listChannels], isQuiet: true, onDone });
  const body = change === 'name' ? { name: value.trim() } : { secrets: { token: value.trim() } };
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
            label={t('connect.token')}
            description={t('newToken.hint')}
            autoComplete="off"
            maxLength={200}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={value.trim() === ''}>
            {t(change === 'name' ? 'rename.submit' : 'newToken.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
