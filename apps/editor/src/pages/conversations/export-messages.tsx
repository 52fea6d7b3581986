import { endpoints } from '@holdfast/contracts';
import { ActionIcon, Button, Group, Modal, Select, Stack, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../client/session.ts';
import { useRead } from '../../client/use-call.ts';
import { exportAddress, type ExportFormat } from './export-address.ts';

const formats: readonly ExportFormat[] = ['csv', 'jsonl', 'mbox'];

/** Everything that was said, taken away as a file; begins with the filter that is on screen. */
export function ExportMessages() {
  const { t } = useTranslation('conversations');
  const [isOpen, { open, close }] = useDisclosure(false);
  if (!useMay('conversations.export')) return null;
  return (
    <>
      <Tooltip label={t('export.label')}>
        <ActionIcon size={30} onClick={open} aria-label={t('export.label')}>
          <IconDownload size={17} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={isOpen} onClose={close} title={t('export.title')}>
        {isOpen ? <ExportForm onDone={close} /> : null}
      </Modal>
    </>
  );
}

function ExportForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(['conversations', 'common']);
  const shown = useSearch({ strict: false });
  const channels = useRead(endpoints.listChannels, {}, { staleTime: 30_000 });
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [channel, setChannel] = useState<string | null>(shown.channel ?? null);
  const [search, setSearch] = useState(shown.search ?? '');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <Stack gap="md">
      <Select
        label={t('export.format')}
        description={t(`export.formatMeans.${format}`)}
        allowDeselect={false}
        data={formats.map((value) => ({ value, label: t(`export.formats.${value}`) }))}
        value={format}
        onChange={(value) => setFormat(formats.find((each) => each === value) ?? 'csv')}
      />
      <Select
        label={t('channel')}
        placeholder={t('anyChannel')}
        clearable
        data={(channels.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={channel}
        onChange={setChannel}
      />
      <TextInput label={t('export.search')} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      <Group grow gap="sm">
        <TextInput type="date" label={t('export.from')} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput type="date" label={t('export.to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('common:action.cancel')}
        </Button>
        <Button
          component="a"
          href={exportAddress({ format, channel, search, from, to })}
          download
          onClick={onDone}
          leftSection={<IconDownload size={16} stroke={1.75} />}
        >
          {t('export.submit')}
        </Button>
      </Group>
    </Stack>
  );
}
