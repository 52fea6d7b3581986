import { endpoints } from '@holdfast/contracts';
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import type { WidgetProps } from './widget.ts';

/** One connected channel. */
export function ChannelWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { data } = useRead(endpoints.listChannels, {}, { staleTime: 30_000 });
  return (
    <Select
      id={id}
      aria-label={words.title}
      value={typeof value === 'string' ? value : null}
      error={hasError}
      placeholder={t('channels.chooseOne')}
      data={(data?.items ?? []).map((channel) => ({ value: channel.id, label: channel.name }))}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
