import type { Rule } from './rule.ts';

/** The red switch only puts off: what it holds goes out when it is released. */
export const redSwitch: Rule = ({ target }) =>
  target.sendsPausedAt === null
    ? null
    : {
        state: 'later',
        inMs: 10_000,
        code: 'send.paused',
        reason: 'Automated messages are switched off; this one goes out when they are allowed again.',
      };
