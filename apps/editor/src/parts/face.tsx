import type { ReactNode } from 'react';
import classes from './face.module.css';
import { initials } from './initials.ts';

interface FaceProps {
  name: string;
  size?: number;
  /** In place of the initials. */
  icon?: ReactNode;
  /** A small mark at the corner. */
  mark?: ReactNode;
}

/** A person: their initials in a circle. The name always stands beside it. */
export const Face = ({ name, size = 36, icon, mark }: FaceProps) => (
  <span className={classes.face} style={{ width: size, height: size }} aria-hidden>
    {icon ?? initials(name)}
    {mark ? <span className={classes.mark}>{mark}</span> : null}
  </span>
);
