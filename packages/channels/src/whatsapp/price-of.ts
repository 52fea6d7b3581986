import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { StatusReport } from '../channel-adapter.ts';
import { isPhone, isUserId } from './identity.ts';
import { rateCards, type RateCard } from './rate-cards.ts';
import type { MetaStatus } from './update-schema.ts';

type Price = NonNullable<StatusReport['price']>;

/** The category is what Meta says in the status; the amount is what its list of that day says, since Meta tells none. Pure. */
export function priceOf(pricing: NonNullable<MetaStatus['pricing']>, { address, at }: { address: string; at: string }): Price {
  const { category } = pricing;
  const isBillable = pricing.billable ?? pricing.type === 'regular';
  const card = rateCards.findLast(({ since }) => since <= at.slice(0, 10));
  const found = isBillable ? (card ? ratesIn(card, countryOf(address)) : null) : null;
  const usd = isBillable ? (found ? rateOf(found.rates, category) : null) : 0;
  return {
    category,
    isBillable,
    amountMicro: usd === null ? null : Math.round(usd * 1_000_000),
    currency: card?.currency ?? null,
    ...(found?.isEstimate && usd !== null ? { isEstimate: true } : {}),
  };
}

type Rates = RateCard['other'];

function ratesIn({ markets, checked, left, other }: RateCard, country: string | null): { rates: Rates; isEstimate: boolean } {
  const found = Object.entries(markets).find(([, { countries }]) => country !== null && countries.includes(country));
  if (!found || country === null) return { rates: other, isEstimate: true };
  const [name, rates] = found;
  return { rates, isEstimate: !checked.includes(name) || left.includes(country) };
}

/** Null for categories that the list prices by the sender too, as authentication across borders. */
function rateOf(rates: Rates, category: string): number | null {
  switch (category) {
    case 'marketing':
    case 'marketing_lite':
      return rates.marketing;
    case 'utility':
    case 'service':
      return rates.utility;
    case 'authentication':
      return rates.authentication;
    case 'referral_conversion':
      return 0;
    default:
      return null;
  }
}

/** ISO 3166, from the number, or from the user id, which begins with it. */
function countryOf(address: string): string | null {
  if (isPhone(address)) return parsePhoneNumberFromString(address)?.country ?? null;
  return isUserId(address) ? address.slice(0, 2) : null;
}
