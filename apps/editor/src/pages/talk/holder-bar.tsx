import { IconRobot, IconUser, IconUserQuestion } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './holder-bar.module.css';

export type Holder = 'bot' | 'waiting' | 'me' | 'other' | 'ended';

const glyphs = { bot: IconRobot, waiting: IconUserQuestion, me: IconUser, other: IconUser, ended: IconRobot } as const;

/** Who answers this conversation, always in sight, with what can be done about it. */
export function HolderBar({ holder, children, actions }: { holder: Holder; children: ReactNode; actions?: ReactNode }) {
  const Glyph = glyphs[holder];
  return (
    <div className={classes.bar} data-holder={holder} role="status">
      <Glyph size={18} stroke={1.5} aria-hidden />
      <p className={classes.words}>{children}</p>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}
