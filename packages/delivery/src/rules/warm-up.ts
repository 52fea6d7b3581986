import type { SendContext } from './rule.ts';
import { dayMs } from './rule.ts';

/** From so many people a day on, a number counts as warm. */
const warm = 100_000;

/**
 * People a day whom this account may write to first: twice as many each day since it began, half as many while its quality is yellow, never more than the
 * provider lets it. Null: any number.
 */
export function peopleADay({ target, limits }: Pick<SendContext, 'target' | 'limits'>): number | null {
  const { messagingLimit, warmSince, now, quality } = target;
  const days = Math.max(0, Math.floor((now.getTime() - warmSince.getTime()) / dayMs));
  const grown = limits?.warmUpPeople == null ? warm : limits.warmUpPeople * 2 ** Math.min(days, 30);
  const careful = quality === 'yellow' ? Math.max(1, Math.floor(Math.min(grown, warm) / 2)) : grown >= warm ? null : grown;
  const provider = messagingLimit === null || messagingLimit < 0 ? null : messagingLimit;
  const limitsLeft = [careful, provider].filter((limit) => limit !== null);
  return limitsLeft.length === 0 ? null : Math.min(...limitsLeft);
}
