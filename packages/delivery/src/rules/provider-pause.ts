import { say } from '@holdfast/errors';
import type { SendTarget } from '@holdfast/db';
import type { Refusal, Rule } from './rule.ts';

/** What a person paused on the page Providers waits, whoever wrote it; nothing is lost. */
export function pauseOfProvider({ callsPausedAt, name }: Pick<SendTarget, 'callsPausedAt' | 'name'>): Refusal | null {
  if (callsPausedAt === null) return null;
  return {
    code: 'upstream.paused',
    reason: say`Sends by the channel "${name}" are paused by a person; this one goes out when they go on.`,
  };
}

export const providerPause: Rule = ({ target }) => {
  const pause = pauseOfProvider(target);
  return pause && { state: 'later', inMs: 10_000, ...pause };
};
