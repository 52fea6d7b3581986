import { Button, Group, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './connect.module.css';

interface ChannelConnectedProps {
  /** That it works, and how to see it. */
  words: string;
  onClose: () => void;
  children?: ReactNode;
}

/** The last page of connecting. */
export function ChannelConnected({ words, onClose, children }: ChannelConnectedProps) {
  const { t } = useTranslation('channels');
  return (
    <Stack gap="lg">
      <p className={classes.good}>
        <IconCheck size={20} stroke={1.75} aria-hidden />
        {words}
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
