import { FileInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CredentialValues } from './credential-body.ts';
import type { CredentialField } from './credential-fields.ts';

interface Props {
  field: CredentialField;
  form: UseFormReturnType<CredentialValues>;
  /** It has a secret already, which stays when nothing is entered. */
  isKept: boolean;
}

export function CredentialFieldInput({ field, form, isKept }: Props) {
  const { t } = useTranslation('connections');
  const say = t as unknown as (key: string, options?: { defaultValue: string }) => string; // the keys are the schema's; a test looks for each
  const path = `${field.part}.${field.name}`;
  const label = say(`${path}.label`);
  const hint = say(`${path}.${form.values.kind}`, { defaultValue: say(`${path}.hint`, { defaultValue: '' }) });
  const description =
    field.part === 'secret' && isKept ? t('field.kept') : hint === '' ? (field.isOptional ? t('field.optional') : undefined) : hint;
  const props = { label, description, autoComplete: 'off', ...form.getInputProps(path) };
  if (path === 'secret.key')
    return (
      <KeyFileInput label={label} description={description} error={form.errors[path]} onText={(text) => form.setFieldValue(path, text)} />
    );
  if (field.choices)
    return (
      <Select {...props} allowDeselect={false} data={field.choices.map((value) => ({ value, label: say(`${path}.choice.${value}`) }))} />
    );
  if (path === 'settings.certificates')
    return <Textarea {...props} autosize minRows={2} maxRows={6} placeholder="-----BEGIN CERTIFICATE-----" />;
  return field.isOpen ? <TextInput {...props} /> : <PasswordInput {...props} />;
}

interface KeyFileProps {
  label: string;
  description: string | undefined;
  error: React.ReactNode;
  onText: (text: string) => void;
}

/** A key that comes as a file: chosen, not pasted, so that it stands on no screen. */
function KeyFileInput({ onText, ...props }: KeyFileProps) {
  const { t } = useTranslation('connections');
  const [file, setFile] = useState<File | null>(null);
  return (
    <FileInput
      {...props}
      value={file}
      clearable
      accept="application/json,.json"
      placeholder={t('field.chooseFile')}
      leftSection={<IconFileText size={16} stroke={1.5} />}
      onChange={(next) => {
        setFile(next);
        void (next?.text() ?? Promise.resolve('')).then(onText);
      }}
    />
  );
}
