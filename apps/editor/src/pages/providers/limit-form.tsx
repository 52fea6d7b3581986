import { endpoints, type CallWindow, type Provider } from '@holdfast/contracts';
import { Group, Modal, NumberInput, Radio, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';

export function LimitForm({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { t } = useTranslation('providers');
  return (
    <Modal opened={provider !== null} onClose={onClose} title={provider ? t('limitForm.title', { name: provider.name }) : ''}>
      {provider ? <Fields key={provider.id} provider={provider} onDone={onClose} /> : null}
    </Modal>
  );
}

const spans = [
  { value: '1000', word: 'second' },
  { value: '60000', word: 'minute' },
  { value: '3600000', word: 'hour' },
] as const;
type Choice = 'known' | 'any' | 'own';

function Fields({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const { t } = useTranslation(['providers', 'common']);
  const set = provider.limitsFrom === 'set' ? provider.limits : null;
  const [choice, setChoice] = useState<Choice>(set === null ? 'known' : set.length === 0 ? 'any' : 'own');
  const [window, setWindow] = useState<CallWindow>(provider.limits[0] ?? { count: 10, perMs: 1_000 });
  const save = useAct(endpoints.limitProvider, { refreshes: [endpoints.listProviders], isQuiet: true, onDone });
  const limits = choice === 'known' ? null : choice === 'any' ? [] : [window, ...(set ?? []).slice(1)];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ params: { id: provider.id }, body: { limits } });
      }}
    >
      <Stack gap="md">
        {save.isError ? <ProblemAlert error={save.error} /> : null}
        <Radio.Group value={choice} onChange={(value) => setChoice(value === 'any' || value === 'own' ? value : 'known')}>
          <Stack gap="sm">
            <Radio value="known" label={t('limitForm.known')} description={t('limitForm.knownHint')} />
            <Radio value="any" label={t('limitForm.any')} description={t('limitForm.anyHint')} />
            <Radio value="own" label={t('limitForm.own')} />
          </Stack>
        </Radio.Group>
        {choice === 'own' ? (
          <Group gap="xs" align="flex-end">
            <NumberInput
              label={t('limitForm.count')}
              w={120}
              min={1}
              max={1_000}
              allowDecimal={false}
              value={window.count}
              onChange={(count) => setWindow({ ...window, count: Math.max(1, Math.min(1_000, Number(count) || 1)) })}
            />
            <Select
              label={t('limitForm.per')}
              w={160}
              allowDeselect={false}
              data={spans.map(({ value, word }) => ({ value, label: t(`limitForm.${word}`) }))}
              value={String(window.perMs)}
              onChange={(perMs) => setWindow({ ...window, perMs: Number(perMs ?? window.perMs) })}
            />
          </Group>
        ) : null}
        <FormEnd submit={t('common:action.saveChanges')} onCancel={onDone} isPending={save.isPending} />
      </Stack>
    </form>
  );
}
