import { say } from '@holdfast/errors';
import type { Rule } from './rule.ts';

/** The provider thinks badly of this number: nothing automated leaves until a person has looked. */
export const quality: Rule = ({ target: { automationPaused, name } }) => {
  if (automationPaused === null) return null;
  const facts = typeof automationPaused === 'object' && !Array.isArray(automationPaused) ? automationPaused : {};
  const why = typeof facts['reason'] === 'string' && facts['reason'] !== '' ? ` ${facts['reason']}` : '';
  return {
    state: 'later',
    inMs: 5 * 60_000,
    code: 'send.quality',
    reason: say`Automation is paused on "${name}" because people blocked or reported it.${why} It goes out when somebody lets automation go on.`,
  };
};
