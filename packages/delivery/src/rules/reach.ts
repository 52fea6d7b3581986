import { say } from '@holdfast/errors';
import type { Rule } from './rule.ts';

/** The chat can't be written to, or the address is on the list of those not to write to. */
export const reach: Rule = ({ target: { unreachable, suppression, address } }) => {
  if (suppression !== null)
    return {
      state: 'refused',
      code: 'send.suppressed',
      reason: say`${address} is on the list of addresses not to write to (${suppression}). Take it off the list when you know that it works again.`,
    };
  if (unreachable === null) return null;
  const facts = typeof unreachable === 'object' && !Array.isArray(unreachable) ? unreachable : {};
  const reason = typeof facts['reason'] === 'string' ? facts['reason'] : 'This chat can’t be written to.';
  return { state: 'refused', code: facts['code'] === 'channel.blocked' ? 'channel.blocked' : 'channel.unreachable', reason };
};
