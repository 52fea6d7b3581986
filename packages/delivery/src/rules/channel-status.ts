import type { SendTarget } from '@holdfast/db';
import type { Refusal, Rule } from './rule.ts';

/** What stops people's messages too. */
export function refusalOfChannel({ status, name }: Pick<SendTarget, 'status' | 'name'>): Refusal | null {
  if (status === 'paused') return { code: 'channel.paused', reason: `The channel "${name}" is paused.` };
  if (status === 'broken') return { code: 'channel.token', reason: `The channel "${name}" does not work: its token was not accepted.` };
  return null;
}

export const channelStatus: Rule = ({ target }) => {
  const refusal = refusalOfChannel(target);
  return refusal && { state: 'refused', ...refusal };
};
