import { endpoints, type Provider } from '@holdfast/contracts';
import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';

/** Hold everything back, or only what is new. */
export type Holding = 'pause' | 'drain';

export function PauseForm({ provider, holding, onClose }: { provider: Provider | null; holding: Holding; onClose: () => void }) {
  const { t } = useTranslation('providers');
  return (
    <Modal opened={provider !== null} onClose={onClose} title={provider ? t(`${holding}.title`, { name: provider.name }) : ''}>
      {provider ? <Fields key={provider.id} provider={provider} holding={holding} onDone={onClose} /> : null}
    </Modal>
  );
}

function Fields({ provider, holding, onDone }: { provider: Provider; holding: Holding; onDone: () => void }) {
  const { t } = useTranslation(['providers', 'common']);
  const [note, setNote] = useState('');
  const options = { refreshes: [endpoints.listProviders], isQuiet: true, onDone };
  const pause = useAct(endpoints.pauseProvider, options);
  const drain = useAct(endpoints.drainProvider, options);
  const act = holding === 'pause' ? pause : drain;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate({ params: { id: provider.id }, body: { note } });
      }}
    >
      <Stack gap="md">
        {act.isError ? <ProblemAlert error={act.error} /> : null}
        <Text c="dimmed">{t(`${holding}.effect`)}</Text>
        <TextInput
          label={t('pause.note')}
          placeholder={t('pause.placeholder')}
          value={note}
          maxLength={300}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormEnd submit={t(`${holding}.confirm`)} onCancel={onDone} isPending={act.isPending} />
      </Stack>
    </form>
  );
}
