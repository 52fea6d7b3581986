import { diffFlows } from '@holdfast/graph';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useStore } from 'zustand';
import { useTranslation } from 'react-i18next';
import type { Autosave } from '../document/autosave.ts';
import { useDocument, useWorkbench } from '../document/workbench.tsx';
import { ChangesList } from './changes-list.tsx';
import css from './flow-page.module.css';

/** Two people saved: both sides are shown, and one is chosen. Nothing is lost: the other side stays one undo away. */
export function ConflictDialog({ autosave }: { autosave: Autosave }) {
  const { t } = useTranslation('flow');
  const { catalog, document } = useWorkbench();
  const state = useStore(autosave.state);
  const mine = useDocument((doc) => doc.file);
  if (state.kind !== 'conflict') return null;
  const takeTheirs = () => {
    document.getState().replace(state.theirs);
    autosave.take(document.getState().file, state.theirRevision);
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size="lg"
      title={t('conflict.title')}
    >
      <Stack gap="md">
        <Text c="dimmed">{t('conflict.text')}</Text>
        <div className={css.sides}>
          <div className={css.sideCard}>
            <h3>{t('conflict.mine')}</h3>
            <ChangesList changes={diffFlows(state.theirs, mine, catalog)} empty={t('conflict.same')} />
          </div>
          <div className={css.sideCard}>
            <h3>{t('conflict.theirs')}</h3>
            <ChangesList changes={diffFlows(mine, state.theirs, catalog)} empty={t('conflict.same')} />
          </div>
        </div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={takeTheirs}>
            {t('conflict.takeTheirs')}
          </Button>
          <Button onClick={() => void autosave.keepMine()}>{t('conflict.keepMine')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
