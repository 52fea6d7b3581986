import { endpoints } from '@holdfast/contracts';
import { MultiSelect, Switch, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../client/index.ts';
import type { WidgetProps } from './widget.ts';

/** Every channel, or chosen ones. `any` in the config means every one, also those connected later. */
export function ChannelsWidget({ id, words, value, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const { data } = useRead(endpoints.listChannels, {}, { staleTime: 30_000 });
  const chosen = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const isAny = chosen.includes('any');
  return (
    <Stack gap={8}>
      <Switch
        checked={isAny}
        label={t('channels.any')}
        onChange={(event) => onChange(event.currentTarget.checked ? ['any'] : (data?.items ?? []).slice(0, 1).map((channel) => channel.id))}
        styles={{ label: { fontSize: 13 } }}
      />
      {isAny ? null : (
        <MultiSelect
          id={id}
          aria-label={words.title}
          value={chosen}
          error={hasError}
          data={(data?.items ?? []).map((channel) => ({ value: channel.id, label: channel.name }))}
          placeholder={chosen.length === 0 ? t('channels.choose') : ''}
          onChange={onChange}
        />
      )}
    </Stack>
  );
}
