import type { Rule } from './rule.ts';

/** Beyond the number of people, one more in this time. */
export const sameTextEveryMs = 10_000;

/** The same words to many people whom nobody asked for look like a bot farm: noticed, told, and from then on slowed down by the throttler. */
export const isSameText = ({ target, limits }: Pick<Parameters<Rule>[0], 'target' | 'limits'>): boolean =>
  limits?.sameTextPeople != null && target.sameTextPeople >= limits.sameTextPeople;
