import { endpoints } from '@holdfast/contracts';
import { Anchor, Select } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMay, useRead } from '../../client/index.ts';
import type { WidgetProps } from './widget.ts';

/** The workspace's credentials by name; those of the neighbouring provider come first. The secret never comes here. */
export function CredentialWidget({ id, field, words, value, siblings, hasError, onChange }: WidgetProps) {
  const { t } = useTranslation('inspector');
  const canRead = useMay('credentials.read');
  const { data } = useRead(endpoints.listCredentials, {}, { enabled: canRead, staleTime: 30_000 });
  const fits = (kind: string): boolean => kind === siblings['provider'];
  const kinds = field.hints.credentialKinds;
  const items = (data?.items ?? [])
    .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
    .toSorted((a, b) => Number(fits(b.kind)) - Number(fits(a.kind)) || a.name.localeCompare(b.name));
  const current = typeof value === 'string' && value !== '' ? value : null;
  const isGone = current !== null && data !== undefined && !items.some((item) => item.id === current);
  return (
    <>
      <Select
        id={id}
        aria-label={words.title}
        value={current}
        error={hasError}
        clearable
        searchable
        leftSection={<IconKey size={15} stroke={1.5} />}
        placeholder={t('credential.none')}
        nothingFoundMessage={t('credential.empty')}
        data={[
          ...items.map((item) => ({ value: item.id, label: `${item.name} · ${t(`credential.kind.${item.kind}`)}` })),
          ...(isGone ? [{ value: current, label: t('credential.gone') }] : []),
        ]}
        onChange={(next) => onChange(next ?? undefined)}
      />
      <Anchor href="/connections" target="_blank" rel="noreferrer" size="xs">
        {t('credential.add')}
      </Anchor>
    </>
  );
}
