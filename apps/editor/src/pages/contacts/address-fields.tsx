import { Group, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { writableKinds } from './writable-kinds.ts';

export interface WrittenAddress {
  channelKind: string;
  address: string;
}
export const noAddress: WrittenAddress = { channelKind: writableKinds[0], address: '' };

/** Where somebody can be written to; the server writes it as the channel does. */
export function AddressFields({ value, onChange }: { value: WrittenAddress; onChange: (value: WrittenAddress) => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Select
        label={t('address.kind')}
        w={140}
        allowDeselect={false}
        data={writableKinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        value={value.channelKind}
        onChange={(kind) => onChange({ ...value, channelKind: kind ?? value.channelKind })}
      />
      <TextInput
        label={t('address.label')}
        placeholder={value.channelKind === 'email' ? 'ana@example.com' : '+34 600 111 222'}
        flex={1}
        maxLength={320}
        value={value.address}
        onChange={(event) => onChange({ ...value, address: event.currentTarget.value })}
      />
    </Group>
  );
}
