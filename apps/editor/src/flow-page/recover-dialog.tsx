import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadLocalCopy, saveLocalCopy } from '../document/local-copy.ts';
import { useWorkbench } from '../document/workbench.tsx';
import { useFormat } from '../i18n/use-format.ts';

/** Offers what this computer kept of an earlier visit that could not save. */
export function RecoverDialog({ flowId, revision }: { flowId: string; revision: number }) {
  const { t } = useTranslation('flow');
  const format = useFormat();
  const { document } = useWorkbench();
  const [copy, setCopy] = useState(() => {
    const found = loadLocalCopy(localStorage, flowId);
    return found && JSON.stringify(found.file) !== JSON.stringify(document.getState().file) ? found : null;
  });
  if (!copy) return null;
  const forget = () => {
    saveLocalCopy(localStorage, flowId, null, Date.now());
    setCopy(null);
  };
  return (
    <Modal opened onClose={forget} title={t('recover.title')}>
      <Stack gap="md">
        <Text c="dimmed">
          {t(copy.revision === revision ? 'recover.text' : 'recover.textOlder', { when: format.moment(new Date(copy.atMs).toISOString()) })}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={forget}>
            {t('recover.forget')}
          </Button>
          <Button
            onClick={() => {
              document.getState().replace(copy.file);
              setCopy(null);
            }}
          >
            {t('recover.use')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
