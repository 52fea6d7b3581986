import { FileInput, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A service's document: where it stands, a file, or its text. */
export interface GivenDocument {
  way: 'address' | 'file' | 'text';
  url: string;
  file: File | null;
  text: string;
}
export const noDocument: GivenDocument = { way: 'address', url: '', file: null, text: '' };

/** Whether there is something to read. */
export const isGiven = ({ way, url, file, text }: GivenDocument): boolean =>
  way === 'address' ? URL.canParse(url.trim()) : way === 'file' ? file !== null : text.trim() !== '';

/** Its bytes, where they are here. */
export const contentOf = ({ file, text, way }: GivenDocument): Blob => (way === 'file' && file ? file : new Blob([text]));

interface Props {
  given: GivenDocument;
  onChange: (given: GivenDocument) => void;
}

export function DocumentInput({ given, onChange }: Props) {
  const { t } = useTranslation('services');
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        aria-label={t('import.way')}
        value={given.way}
        data={(['address', 'file', 'text'] as const).map((way) => ({ value: way, label: t(`import.ways.${way}`) }))}
        onChange={(way) => onChange({ ...given, way: way === 'file' || way === 'text' ? way : 'address' })}
      />
      {given.way === 'address' ? (
        <TextInput
          label={t('import.address')}
          description={t('import.addressHint')}
          placeholder="https://api.example.com/openapi.json"
          value={given.url}
          onChange={(event) => onChange({ ...given, url: event.currentTarget.value })}
        />
      ) : null}
      {given.way === 'file' ? (
        <FileInput
          label={t('import.file')}
          description={t('import.formats')}
          placeholder={t('import.choose')}
          leftSection={<IconFileText size={16} stroke={1.5} />}
          value={given.file}
          clearable
          onChange={(file) => onChange({ ...given, file })}
        />
      ) : null}
      {given.way === 'text' ? (
        <Textarea
          label={t('import.text')}
          description={t('import.formats')}
          rows={12}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--font-data)', fontSize: 12 } }}
          value={given.text}
          onChange={(event) => onChange({ ...given, text: event.currentTarget.value })}
        />
      ) : null}
    </Stack>
  );
}
