import type { JsonValue } from '@holdfast/node-kit';
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './data-view.module.css';

/** Data as text, indented, to read and copy. For little pieces; code editors are for writing. */
export function DataView({ value, maxHeight = 280 }: { value: JsonValue | undefined; maxHeight?: number }) {
  const { t } = useTranslation('common');
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2);
  return (
    <div className={classes.view}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className={classes.text} style={{ maxHeight }} tabIndex={0}>
        {text}
      </pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('action.copied') : t('action.copy')}>
            <ActionIcon className={classes.copy} size={26} onClick={copy} aria-label={t('action.copy')}>
              {copied ? <IconCheck size={15} stroke={1.5} /> : <IconCopy size={15} stroke={1.5} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
