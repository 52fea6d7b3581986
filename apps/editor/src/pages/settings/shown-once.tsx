import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyIcon } from '../../parts/copy-icon.tsx';
import classes from './settings-page.module.css';

interface Props {
  text: string;
  secret: string;
  onClose: () => void;
  /** What to do with it, below it. */
  children?: ReactNode;
}

/** A secret that is shown this one time. */
export function ShownOnce({ text, secret, onClose, children }: Props) {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="md">
      <p>{text}</p>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyIcon value={secret} />
      </div>
      <p style={{ color: 'var(--text-2)', fontSize: 13 }}>{t('once')}</p>
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('onceDone')}</Button>
      </Group>
    </Stack>
  );
}
