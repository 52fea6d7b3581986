import { endpoints, type Provider } from '@holdfast/contracts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';

export function PauseForm({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { t } = useTranslation('providers');
  return (
    <Modal opened={provider !== null} onClose={onClose} title={provider ? t('pause.title', { name: provider.name }) : ''}>
      {provider ? <Fields key={provider.id} provider={provider} onDone={onClose} /> : null}
    </Modal>
  );
}

function Fields({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const { t } = useTranslation(['providers', 'common']);
  const [note, setNote] = useState('');
  const pause = useAct(endpoints.pauseProvider, { refreshes: [endpoints.listProviders], isQuiet: true, onDone });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        pause.mutate({ params: { id: provider.id }, body: { note } });
      }}
    >
      <Stack gap="md">
        {pause.isError ? <ProblemAlert error={pause.error} /> : null}
        <Text c="dimmed">{t('pause.effect')}</Text>
        <TextInput
          label={t('pause.note')}
          placeholder={t('pause.placeholder')}
          value={note}
          maxLength={300}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={pause.isPending}>
            {t('pause.confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
