import type { Rule } from './rule.ts';

export const consent: Rule = ({ target: { consents }, purpose, limits }) =>
  purpose === 'marketing' && limits?.consent === 'required' && !consents.includes('marketing')
    ? {
        state: 'refused',
        code: 'send.consent',
        reason: 'This person has not agreed to marketing on this channel. Record their consent and where it comes from first.',
      }
    : null;
