import type { Key } from './prove-call.ts';

/**
 * What may prove a call, of an opened credential: its secret, and the one that it replaced for as long as that was asked for.
 * `secret` is as @holdfast/secrets opens it: signing `signingKey`, `previousKey`, `previousUntil`; the others as for calls of our own.
 */
export function keysOf(secret: Readonly<Record<string, string>>, now: Date): Key[] {
  const { previousKey, previousUntil, ...current } = secret;
  const isStillGood = previousKey !== undefined && previousUntil !== undefined && now.getTime() < Date.parse(previousUntil);
  return isStillGood ? [current, { signingKey: previousKey }] : [current];
}
