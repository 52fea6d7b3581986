import type { ReactNode } from 'react';
import { Drawing, type DrawingName } from './drawing.tsx';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  drawing?: DrawingName;
  title: string;
  /** What the page will show and why that's good. */
  children: ReactNode;
  /** The one next step. */
  action?: ReactNode;
  isCompact?: boolean;
}

/** A page or pane with nothing in it yet: it teaches, and offers one next step. */
export function EmptyState({ drawing, title, children, action, isCompact = false }: EmptyStateProps) {
  return (
    <div className={classes.empty} data-compact={isCompact || undefined}>
      {drawing ? <Drawing name={drawing} /> : null}
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.text}>{children}</div>
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}
