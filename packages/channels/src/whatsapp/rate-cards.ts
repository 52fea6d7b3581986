/** USD per delivered message. `service` (free-form answers) costs what `utility` costs. */
export interface MarketRates {
  /** ISO 3166 codes. */
  countries: readonly string[];
  marketing: number;
  utility: number;
  authentication: number;
}

export interface RateCard {
  /** First day it holds, as Meta writes it. */
  since: string;
  currency: 'USD';
  source: string;
  markets: Readonly<Record<string, MarketRates>>;
  /** Markets whose figures were found in published copies of this very list. Prices of all others are estimates. */
  checked: readonly string[];
  /** Countries that left their region for rates of their own, which we don't know: the region's are an estimate. */
  left: readonly string[];
  /** Every country that no market names. */
  other: Omit<MarketRates, 'countries'>;
}

const list = (codes: string): readonly string[] => codes.split(' ');
const market = (codes: string, marketing: number, utility: number, authentication = utility): MarketRates => ({
  countries: list(codes),
  marketing,
  utility,
  authentication,
});

/**
 * Meta's price list as data, newest last. A new list is a new entry: prices of messages that were sent stay as they were. What `checked` does not name was
 * carried over from the list before: compare it with https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing before you rely
 * on it. Sources and what they say: docs/whatsapp.md.
 */
export const rateCards: readonly RateCard[] = [
  {
    since: '2026-10-01',
    currency: 'USD',
    source: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing',
    markets: {
      Argentina: market('AR', 0.0618, 0.026),
      Bangladesh: market('BD', 0.0732, 0.0037),
      Brazil: market('BR', 0.0625, 0.0068),
      Chile: market('CL', 0.0889, 0.02),
      Colombia: market('CO', 0.0125, 0.0008),
      Egypt: market('EG', 0.0644, 0.0036),
      France: market('FR', 0.0859, 0.03),
      Germany: market('DE', 0.1365, 0.055),
      India: market('IN', 0.0118, 0.0014),
      Indonesia: market('ID', 0.0411, 0.025),
      Israel: market('IL', 0.0353, 0.0053),
      Italy: market('IT', 0.0691, 0.03),
      Malaysia: market('MY', 0.086, 0.014),
      Mexico: market('MX', 0.0305, 0.0085),
      Netherlands: market('NL', 0.1597, 0.05),
      Nigeria: market('NG', 0.0516, 0.0067),
      Pakistan: market('PK', 0.0473, 0.0054),
      Peru: market('PE', 0.0703, 0.02),
      Russia: market('RU', 0.0802, 0.04),
      'Saudi Arabia': market('SA', 0.0455, 0.0107),
      'South Africa': market('ZA', 0.0379, 0.0076),
      Spain: market('ES', 0.0615, 0.02),
      Turkey: market('TR', 0.0109, 0.0009),
      'United Arab Emirates': market('AE', 0.0499, 0.0157),
      'United Kingdom': market('GB', 0.0529, 0.022),
      'North America': market('US CA', 0.025, 0.0034),
      'Rest of Africa': market(
        'DZ AO BJ BW BF BI CM TD CG CI ER ET GA GM GH GW KE LS LR LY MG MW ML MR MA MZ NA NE RW SN SL SO SS SD SZ TZ TG TN UG ZM',
        0.0225,
        0.004,
      ),
      'Rest of Asia Pacific': market('AF AU KH CN HK JP LA MN NP NZ PG PH SG LK TW TJ TH TM UZ VN', 0.0732, 0.0113),
      'Rest of Central and Eastern Europe': market('AL AM AZ BY BG HR CZ GE GR HU LV LT MK MD PL RO RS SK SI UA', 0.086, 0.0212),
      'Rest of Latin America': market('BO CR DO EC SV GT HT HN JM NI PA PY PR UY VE', 0.074, 0.0113),
      'Rest of Middle East': market('BH IQ JO KW LB OM QA YE', 0.0341, 0.0091),
      'Rest of Western Europe': market('AT BE DK FI IE NO PT SE CH', 0.0592, 0.0171),
    },
    other: { marketing: 0.0604, utility: 0.0077, authentication: 0.0077 },
    checked: [
      'Argentina',
      'Bangladesh',
      'Brazil',
      'Chile',
      'Colombia',
      'Egypt',
      'Germany',
      'India',
      'Indonesia',
      'Malaysia',
      'Mexico',
      'Nigeria',
      'North America',
      'Rest of Africa',
    ],
    // Since 1 July 2026: HK HU PL QA RO SG; since 1 October 2026: the others.
    left: list('HK HU PL QA RO SG IQ KW KZ LK MA NP OM UA'),
  },
];
