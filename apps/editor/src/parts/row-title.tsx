import { UnstyledButton } from '@mantine/core';
import rows from './rows.module.css';

/** What a row is about. Where it can be changed, a click anywhere in the row opens it; what else is in the row stands above. */
export function RowTitle({ name, onOpen }: { name: string; onOpen: (() => void) | null }) {
  return (
    <h2 className={rows.title} title={name}>
      {onOpen === null ? (
        name
      ) : (
        <UnstyledButton className={rows.link} onClick={onOpen}>
          {name}
        </UnstyledButton>
      )}
    </h2>
  );
}
