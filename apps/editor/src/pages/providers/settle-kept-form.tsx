import { endpoints, type KeptCall } from '@holdfast/contracts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';

/** What a person says of a kept call: it is not to be sent, or it has come. */
export type Settling = 'discard' | 'arrived';

interface Props {
  settling: { call: KeptCall; as: Settling } | null;
  onClose: () => void;
}

export function SettleKeptForm({ settling, onClose }: Props) {
  const { t } = useTranslation('providers');
  return (
    <Modal opened={settling !== null} onClose={onClose} title={settling ? t(`settle.${settling.as}.title`) : ''}>
      {settling ? <Fields key={settling.call.id} {...settling} onDone={onClose} /> : null}
    </Modal>
  );
}

function Fields({ call, as, onDone }: { call: KeptCall; as: Settling; onDone: () => void }) {
  const { t } = useTranslation(['providers', 'common']);
  const [words, setWords] = useState('');
  const options = { refreshes: [endpoints.listKeptCalls, endpoints.listProviders], isQuiet: true, onDone };
  const discard = useAct(endpoints.discardKeptCall, options);
  const arrived = useAct(endpoints.arrivedKeptCall, options);
  const act = as === 'discard' ? discard : arrived;
  const settle = () =>
    as === 'discard'
      ? discard.mutate({ params: { id: call.id }, body: { reason: words.trim() } })
      : arrived.mutate({ params: { id: call.id }, body: { note: words.trim() } });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        settle();
      }}
    >
      <Stack gap="md">
        {act.isError ? <ProblemAlert error={act.error} /> : null}
        <Text c="dimmed">{t(`settle.${as}.effect`, { what: call.what })}</Text>
        <TextInput
          label={t(`settle.${as}.words`)}
          value={words}
          maxLength={300}
          required={as === 'discard'}
          data-autofocus
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button
            type="submit"
            color={as === 'discard' ? 'bad' : 'brand'}
            disabled={as === 'discard' && words.trim() === ''}
            loading={act.isPending}
          >
            {t(`settle.${as}.confirm`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
