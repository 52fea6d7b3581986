import type { Provider } from '@holdfast/contracts';
import { Drawer, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { HeldCalls } from './held-calls.tsx';
import { KeptCalls } from './kept-calls.tsx';

/** What waits for a provider: steps that wait with their runs, and calls that were kept for later. */
export function QueueDrawer({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { t } = useTranslation('providers');
  return (
    <Drawer
      opened={provider !== null}
      onClose={onClose}
      position="right"
      size={560}
      title={provider ? t('queue.title', { name: provider.name }) : ''}
    >
      {provider ? (
        <Stack key={provider.id} gap="xl">
          <HeldCalls provider={provider} />
          {provider.kind === 'channel' ? null : <KeptCalls provider={provider} />}
        </Stack>
      ) : null}
    </Drawer>
  );
}
