import { CopyButton, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BarButton } from '../../canvas/zoom-bar.tsx';
import { freshWebhookPath } from '../../document/fresh-config.ts';
import type { WidgetProps } from './widget.ts';

/** The end of the address, and the whole address to copy. */
export function WebhookPathWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const path = typeof value === 'string' ? value : '';
  const address = `${globalThis.location.origin}/hooks/flows/${path}`;
  return (
    <>
      <TextInput
        id={id}
        aria-label={words.title}
        value={path}
        error={hasError}
        placeholder={words.placeholder ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
        rightSection={<BarButton Icon={IconRefresh} label={t('webhook.generate')} onClick={() => onChange(freshWebhookPath())} />}
        rightSectionWidth={34}
      />
      {path === '' ? null : (
        <div style={{ display: 'flex', alignItems: 'center', gap: 4, marginTop: 4 }}>
          <Text component="code" ff="monospace" fz={11.5} c="dimmed" style={{ overflowWrap: 'anywhere', flex: 1 }}>
            {address}
          </Text>
          <CopyButton value={address}>
            {({ copied, copy }) => <BarButton Icon={copied ? IconCheck : IconCopy} label={t('webhook.copy')} onClick={copy} />}
          </CopyButton>
        </div>
      )}
    </>
  );
}
