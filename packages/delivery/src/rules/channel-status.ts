import { say } from '@holdfast/errors';
import type { SendTarget } from '@holdfast/db';
import type { Refusal, Rule } from './rule.ts';

/** What stops people's messages too. */
export function refusalOfChannel({ status, name }: Pick<SendTarget, 'status' | 'name'>): Refusal | null {
  if (status === 'paused') return { code: 'channel.paused', reason: say`The channel "${name}" is paused.` };
  if (status === 'broken')
    return {
      code: 'channel.token',
      reason: say`The channel "${name}" does not work: its token was not accepted. This message goes out when somebody has put that right.`,
    };
  return null;
}

/** A person took the channel out of service. */
export const channelStatus: Rule = ({ target }) => {
  const refusal = target.status === 'paused' ? refusalOfChannel(target) : null;
  return refusal && { state: 'refused', ...refusal };
};

/** Nobody meant that: what may go waits until it works again. Whoever puts it right rings. */
export const brokenChannel: Rule = ({ target }) => {
  const refusal = target.status === 'broken' ? refusalOfChannel(target) : null;
  return refusal && { state: 'later', inMs: 20_000, ...refusal };
};
