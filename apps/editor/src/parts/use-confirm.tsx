import { Button, Group, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Confirmation {
  /** The question, naming what it is about: "Stop 14 runs that wait for an answer?" */
  title: string;
  /** What it means for whom. */
  effect: ReactNode;
  /** A verb with its object: "Stop 14 runs". */
  confirm: string;
  /** "Keep them"; Cancel when left out. */
  keep?: string;
  tone?: 'bad' | 'brand' | 'person';
  onConfirm: () => void;
}

/** Asks before something that can't be taken back, in words of its effect: `confirm({ title, effect, … })`. */
export function useConfirm(): (confirmation: Confirmation) => void {
  const { t } = useTranslation('common');
  return (confirmation) => {
    const id = modals.open({
      title: confirmation.title,
      children: (
        <Stack gap="lg">
          <Text c="dimmed" component="div">
            {confirmation.effect}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => modals.close(id)}>
              {confirmation.keep ?? t('action.cancel')}
            </Button>
            <Button
              color={confirmation.tone ?? 'bad'}
              onClick={() => {
                modals.close(id);
                confirmation.onConfirm();
              }}
            >
              {confirmation.confirm}
            </Button>
          </Group>
        </Stack>
      ),
    });
  };
}
