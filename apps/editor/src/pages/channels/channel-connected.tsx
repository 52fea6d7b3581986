import type { Channel } from '@holdfast/contracts';
import { Button, Group, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './connect-telegram.module.css';

/** The last page of connecting: it works, and how to see that. */
export function ChannelConnected({ channel, onClose, children }: { channel: Channel; onClose: () => void; children?: ReactNode }) {
  const { t } = useTranslation('channels');
  return (
    <Stack gap="lg">
      <p className={classes.good}>
        <IconCheck size={20} stroke={1.75} aria-hidden />
        {t(`done.${channel.kind === 'sms' ? 'sms' : 'email'}`, { name: channel.name })}
      </p>
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t('connected.done')}
        </Button>
      </Group>
    </Stack>
  );
}
