import type { SendTarget } from '@holdfast/db';
import type { ErrorCode } from '@holdfast/errors';

export interface Refusal {
  code: ErrorCode;
  reason: string;
}

/** Why the bot must not write there now; null when it may. The red switch only puts off: what it holds goes out when it is released. */
export function refusalForBot(target: SendTarget): Refusal | null {
  if (target.heldBy === 'person') return { code: 'send.held', reason: 'A person holds this conversation, so the bot keeps silent.' };
  return refusalOfChannel(target) ?? refusalOfChat(target);
}

/** What stops people's messages too. */
export function refusalOfChannel({ status, name }: SendTarget): Refusal | null {
  if (status === 'paused') return { code: 'channel.paused', reason: `The channel "${name}" is paused.` };
  if (status === 'broken') return { code: 'channel.token', reason: `The channel "${name}" does not work: its token was not accepted.` };
  return null;
}

function refusalOfChat({ unreachable }: SendTarget): Refusal | null {
  if (unreachable === null) return null;
  const facts = typeof unreachable === 'object' && !Array.isArray(unreachable) ? unreachable : {};
  const reason = typeof facts['reason'] === 'string' ? facts['reason'] : 'This chat can’t be written to.';
  return { code: facts['code'] === 'channel.blocked' ? 'channel.blocked' : 'channel.unreachable', reason };
}
