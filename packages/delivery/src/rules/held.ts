import type { Rule } from './rule.ts';

export const held: Rule = ({ target }) =>
  target.heldBy === 'person'
    ? { state: 'refused', code: 'send.held', reason: 'A person holds this conversation, so the bot keeps silent.' }
    : null;
