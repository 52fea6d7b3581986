import type { ReactNode } from 'react';
import classes from './page-header.module.css';
import { useTitle } from './use-title.ts';

interface PageHeaderProps {
  title: string;
  /** One line below the title. */
  lead?: ReactNode;
  /** Buttons at the right; the primary one last. */
  children?: ReactNode;
}

/** The head of every listed page; it also names the browser's tab. */
export function PageHeader({ title, lead, children }: PageHeaderProps) {
  useTitle(title);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <h1 className={classes.title}>{title}</h1>
        {lead ? <p className={classes.lead}>{lead}</p> : null}
      </div>
      {children ? <div className={classes.actions}>{children}</div> : null}
    </header>
  );
}
