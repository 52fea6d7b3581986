import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDocument } from '../../document/workbench.tsx';
import type { WidgetProps } from './widget.ts';

/** A step of this flow, by the name staff gave it. */
export function NodeWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const nodes = useDocument((state) => state.file.nodes);
  return (
    <Select
      id={id}
      aria-label={words.title}
      searchable
      clearable
      value={typeof value === 'string' ? value : null}
      error={hasError}
      placeholder={t('form.chooseStep')}
      data={nodes.map((node) => ({ value: node.id, label: node.name }))}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
