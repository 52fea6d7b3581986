import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './more-settings.module.css';

interface MoreSettingsProps {
  label: string;
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** What few people need, behind one click. */
export function MoreSettings({ label, isOpen, onToggle, children }: MoreSettingsProps) {
  return (
    <div>
      <UnstyledButton className={classes.toggle} onClick={onToggle} aria-expanded={isOpen}>
        <IconChevronRight size={16} stroke={1.75} aria-hidden />
        {label}
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <div className={classes.inside}>{children}</div>
      </Collapse>
    </div>
  );
}
