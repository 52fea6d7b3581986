import { ActionIcon, Button, CopyButton, Group, Stack, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './settings-page.module.css';

/** A secret that is shown this one time. */
export function ShownOnce({ text, secret, onClose }: { text: string; secret: string; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <Stack gap="md">
      <p>{text}</p>
      <div className={classes.secret}>
        <code>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? 'common:action.copied' : 'common:action.copy')}>
              <ActionIcon onClick={copy} aria-label={t('common:action.copy')}>
                {copied ? <IconCheck size={17} stroke={1.5} /> : <IconCopy size={17} stroke={1.5} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
      <p style={{ color: 'var(--text-2)', fontSize: 13 }}>{t('once')}</p>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('onceDone')}</Button>
      </Group>
    </Stack>
  );
}
