import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormContext } from '../form/form-context.tsx';
import { DataList } from './data-list.tsx';

/** The button that opens the data picker; `onPick` gets a path such as `nodes.lookup.body.status`. */
export function DataPicker({ onPick }: { onPick: (path: string) => void }) {
  const { t } = useTranslation('inspector');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" shadow="md" radius="lg" trapFocus returnFocus={false} withinPortal>
      <Popover.Target>
        <Tooltip label={t('data.insert')} disabled={isOpen}>
          <ActionIcon size={26} color="brand" aria-label={t('data.insert')} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            <IconBraces size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <OpenList
          onPick={(path) => {
            setIsOpen(false);
            onPick(path);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function OpenList({ onPick }: { onPick: (path: string) => void }) {
  const { groups } = useFormContext();
  return <DataList groups={groups()} onPick={onPick} />;
}
