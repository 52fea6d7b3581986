import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Tone } from '../theme/theme.ts';
import classes from './status-badge.module.css';

interface StatusBadgeProps {
  tone: Tone;
  icon: Icon;
  children: ReactNode;
  /** Without the tinted ground, for dense tables. */
  isQuiet?: boolean;
}

/** A status: always an icon and a word, never colour alone. */
export function StatusBadge({ tone, icon: Glyph, children, isQuiet = false }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} data-quiet={isQuiet || undefined}>
      <Glyph size={14} stroke={1.75} aria-hidden />
      <span className={classes.word}>{children}</span>
    </span>
  );
}
