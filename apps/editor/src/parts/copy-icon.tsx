import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Copies a text, and says that it did. */
export function CopyIcon({ value }: { value: string }) {
  const { t } = useTranslation('common');
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={t(copied ? 'action.copied' : 'action.copy')}>
          <ActionIcon onClick={copy} aria-label={t('action.copy')}>
            {copied ? <IconCheck size={17} stroke={1.5} /> : <IconCopy size={17} stroke={1.5} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
