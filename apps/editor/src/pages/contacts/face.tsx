import { initials } from '../../parts/initials.ts';
import css from './contacts.module.css';

export const Face = ({ name, size = 34 }: { name: string; size?: number }) => (
  <span className={css.face} style={{ width: size, height: size }} aria-hidden>
    {initials(name)}
  </span>
);
