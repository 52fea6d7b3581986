import { endpoints, type Variable } from '@holdfast/contracts';
import { Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAct } from '../../client/use-call.ts';
import { FormEnd } from '../../parts/form-end.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useEndpointForm } from '../../parts/use-endpoint-form.ts';
import { kindOfValue, parseValue, valueText, type ValueKind } from './variable-value.ts';

export function VariableForm({ edited, onClose }: { edited: Variable | 'new' | null; onClose: () => void }) {
  const { t } = useTranslation('variables');
  const variable = edited === 'new' || edited === null ? null : edited;
  return (
    <Modal opened={edited !== null} onClose={onClose} title={variable ? t('edit', { name: variable.name }) : t('add')} size="lg">
      {edited === null ? null : <Fields variable={variable} onDone={onClose} />}
    </Modal>
  );
}

interface Values extends Record<string, unknown> {
  name: string;
  kind: ValueKind;
  text: string;
}

function Fields({ variable, onDone }: { variable: Variable | null; onDone: () => void }) {
  const { t } = useTranslation(['variables', 'common']);
  const save = useAct(endpoints.createVariable, { refreshes: [endpoints.listVariables], isQuiet: true, onDone });
  const initial: Values = {
    name: variable?.name ?? '',
    kind: variable ? kindOfValue(variable.value) : 'text',
    text: variable ? valueText(variable.value) : '',
  };
  const form = useEndpointForm(endpoints.createVariable, {
    initial,
    toBody: ({ name, kind, text }) => ({ name, value: parseValue(kind, text)?.value ?? '' }),
  });
  const submit = form.onSubmit(({ name, kind, text }) => {
    const parsed = parseValue(kind, text);
    if (parsed) save.mutate({ body: { name, value: parsed.value } });
    else form.setFieldError('text', t('form.notJson'));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {save.isError ? <ProblemAlert error={save.error} /> : null}
        <TextInput
          label={t('form.name')}
          description={t('form.nameHint')}
          placeholder="opening_hours"
          disabled={variable !== null}
          data-autofocus={variable === null || undefined}
          {...form.getInputProps('name')}
        />
        <SegmentedControl
          aria-label={t('form.kind')}
          data={[
            { value: 'text', label: t('form.text') },
            { value: 'data', label: t('form.data') },
          ]}
          {...form.getInputProps('kind')}
        />
        <Textarea
          label={t('form.value')}
          description={t(form.values.kind === 'text' ? 'form.textHint' : 'form.dataHint')}
          autosize
          minRows={3}
          maxRows={16}
          data-autofocus={variable !== null || undefined}
          styles={form.values.kind === 'data' ? { input: { fontFamily: 'var(--font-data)', fontSize: '12.5px' } } : {}}
          {...form.getInputProps('text')}
        />
        <FormEnd submit={t(variable ? 'common:action.saveChanges' : 'add')} onCancel={onDone} isPending={save.isPending} />
      </Stack>
    </form>
  );
}
