import type { Rule } from './rule.ts';

/** Whoever stopped everything gets nothing automated; whoever stopped marketing still gets what is about their own matter. */
export const optOut: Rule = ({ target: { optOuts }, purpose }) => {
  if (optOuts.includes('service'))
    return { state: 'refused', code: 'send.opted-out', reason: 'This person asked us to stop. A colleague can still write to them.' };
  if (purpose === 'marketing' && optOuts.includes('marketing'))
    return { state: 'refused', code: 'send.opted-out', reason: 'This person wants no marketing from us on this channel.' };
  return null;
};
