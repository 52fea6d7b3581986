import { say } from '@holdfast/errors';
import type { Rule } from './rule.ts';

/** One conversation gets only so many automated messages: a circle in a flow, or two bots that answer each other, end here. */
export const velocity: Rule = ({ target, limits, isFirst }) => {
  if (!isFirst || !limits) return null;
  const { velocityPerHour: hour, velocityPerMinute: minute } = limits;
  if (hour !== null && target.sentPerHour >= hour)
    return {
      state: 'refused',
      code: 'send.velocity',
      reason: say`This conversation got ${target.sentPerHour} automated messages within an hour, and ${hour} are allowed. Look whether the flow goes round in a circle, or whether another bot answers it.`,
      tell: `A conversation on "${target.name}" got ${target.sentPerHour} automated messages within an hour; no more are sent for now.`,
    };
  if (minute !== null && target.beyondPerMinute >= minute)
    return {
      state: 'later',
      inMs: 15_000,
      code: 'send.velocity',
      reason: say`This conversation got ${target.beyondPerMinute} automated messages within a minute that nobody asked for, and ${minute} are allowed.`,
    };
  return null;
};
