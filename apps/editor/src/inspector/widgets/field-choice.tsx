import { Popover, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormContext } from '../form/form-context.tsx';
import { DataList } from '../template-input/data-list.tsx';
import css from './field-choice.module.css';

/** One value of the run, chosen from the data picker: the left side of a comparison. */
export function FieldChoice({ value, onChange }: { value: string; onChange: (path: string) => void }) {
  const { t } = useTranslation('inspector');
  const { groups, labelOf } = useFormContext();
  const [isOpen, setIsOpen] = useState(false);
  const label = value === '' ? null : labelOf(value, '');
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" shadow="md" radius="lg" trapFocus withinPortal>
      <Popover.Target>
        <UnstyledButton
          className={css.choice}
          data-empty={label === null}
          data-known={label?.isKnown ?? true}
          title={value}
          onClick={() => setIsOpen(!isOpen)}
        >
          <span>{label?.text ?? t('conditions.chooseValue')}</span>
          <IconChevronDown size={15} stroke={1.5} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        {isOpen ? (
          <DataList
            groups={groups()}
            onPick={(path) => {
              setIsOpen(false);
              onChange(path);
            }}
          />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}
