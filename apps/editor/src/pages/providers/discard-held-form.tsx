import { endpoints, type Provider } from '@holdfast/contracts';
import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';

interface Props {
  provider: Provider;
  /** What was on screen when the person began; null: closed. */
  seen: { total: number; asOf: string } | null;
  onClose: () => void;
}

export function DiscardHeldForm({ provider, seen, onClose }: Props) {
  const { t } = useTranslation('providers');
  return (
    <Modal opened={seen !== null} onClose={onClose} title={seen ? t('discard.title', { count: seen.total }) : ''}>
      {seen ? <Fields key={seen.asOf} provider={provider} seen={seen} onDone={onClose} /> : null}
    </Modal>
  );
}

function Fields({ provider, seen, onDone }: { provider: Provider; seen: { total: number; asOf: string }; onDone: () => void }) {
  const { t } = useTranslation(['providers', 'common']);
  const [reason, setReason] = useState('');
  const [runs, setRuns] = useState<'attention' | 'failed'>('attention');
  const discard = useAct(endpoints.discardHeldCalls, {
    refreshes: [endpoints.listProviders, endpoints.listHeldCalls],
    isQuiet: true,
    onDone: ({ discarded }) => {
      notifications.show({ color: 'ok', message: t('discard.done', { count: discarded }) });
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        discard.mutate({ params: { id: provider.id }, body: { asOf: seen.asOf, reason: reason.trim(), runs } });
      }}
    >
      <Stack gap="md">
        {discard.isError ? <ProblemAlert error={discard.error} /> : null}
        <Text c="dimmed">{t('discard.effect', { name: provider.name })}</Text>
        <TextInput
          label={t('discard.reason')}
          placeholder={t('discard.placeholder')}
          value={reason}
          maxLength={300}
          required
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Radio.Group label={t('discard.runs')} value={runs} onChange={(value) => setRuns(value === 'failed' ? 'failed' : 'attention')}>
          <Stack gap="xs" mt={6}>
            <Radio value="attention" label={t('discard.attention')} />
            <Radio value="failed" label={t('discard.failed')} description={t('discard.failedHint')} />
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" color="bad" disabled={reason.trim() === ''} loading={discard.isPending}>
            {t('discard.confirm', { count: seen.total })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
