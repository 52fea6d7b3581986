import { say } from '@holdfast/errors';
import type { Rule } from './rule.ts';

/** The provider held marketing back from this person: trying again at once would only cost the number its name. */
export const capped: Rule = ({ target: { cappedUntil, now }, purpose }) =>
  purpose !== 'marketing' || cappedUntil === null || cappedUntil <= now
    ? null
    : {
        state: 'refused',
        code: 'channel.capped',
        reason: say`The provider holds marketing back from this person, who got much of it lately. It may be tried again after ${cappedUntil.toISOString()}.`,
      };
