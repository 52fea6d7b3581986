import type { ReactNode } from 'react';
import classes from './settings-card.module.css';

interface SettingsCardProps {
  title: string;
  lead?: ReactNode;
  /** A button beside the title. */
  action?: ReactNode;
  children?: ReactNode;
  tone?: 'bad';
}

/** One subject of a settings page: what it is at the left, the controls at the right. */
export function SettingsCard({ title, lead, action, children, tone }: SettingsCardProps) {
  return (
    <section className={classes.card} data-tone={tone}>
      <header className={classes.words}>
        <h2>{title}</h2>
        {lead ? <p>{lead}</p> : null}
        {action ? <div className={classes.action}>{action}</div> : null}
      </header>
      {children ? <div className={classes.body}>{children}</div> : null}
    </section>
  );
}
