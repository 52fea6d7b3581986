import type { ReactNode } from 'react';
import classes from './form-end.module.css';

/** The buttons that end a form in a drawer. */
export const FormEnd = ({ children }: { children: ReactNode }) => <div className={classes.end}>{children}</div>;
