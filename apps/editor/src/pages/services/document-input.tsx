import { FileInput, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A service's document: where it stands, its file with those that it refers to, or its text. */
export interface GivenDocument {
  way: 'address' | 'file' | 'text';
  url: string;
  files: File[];
  text: string;
}
export const noDocument: GivenDocument = { way: 'address', url: '', files: [], text: '' };

/** Whether there is something to read. */
export const isGiven = ({ way, url, files, text }: GivenDocument): boolean =>
  way === 'address' ? URL.canParse(url.trim()) : way === 'file' ? files.length > 0 : text.trim() !== '';

/** Its bytes, where they are here. */
export function contentOf({ files, text, way }: GivenDocument): Blob {
  const [first, ...others] = files;
  if (way !== 'file' || !first) return new Blob([text]);
  // Several are one text, each behind its name: so they are kept, and read, together.
  return others.length === 0
    ? first
    : new Blob(files.flatMap((file) => [`<?holdfast-file name="${file.name.replaceAll(/["<>]/g, '_')}"?>\n`, file, '\n']));
}

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
          description={t('import.together')}
          placeholder={t('import.choose')}
          multiple
          leftSection={<IconFileText size={16} stroke={1.5} />}
          value={given.files}
          clearable
          onChange={(files) => onChange({ ...given, files })}
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
