/** What the big relays ask their customers to include, by their SMTP host. From their own help pages, November 2026. */
const includes: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)(?:gmail|googlemail|google)\.com$/, '_spf.google.com'],
  [/(?:^|\.)(?:office365|outlook)\.com$/, 'spf.protection.outlook.com'],
  [/(?:^|\.)sendgrid\.net$/, 'sendgrid.net'],
  [/(?:^|\.)mailgun\.org$/, 'mailgun.org'],
  [/^email-smtp\..+\.amazonaws\.com$/, 'amazonses.com'],
  [/(?:^|\.)(?:postmarkapp\.com|mtasv\.net)$/, 'spf.mtasv.net'],
  [/(?:^|\.)mailjet\.com$/, 'spf.mailjet.com'],
  [/(?:^|\.)(?:fastmail|messagingengine)\.com$/, 'spf.messagingengine.com'],
  [/(?:^|\.)mandrillapp\.com$/, 'spf.mandrillapp.com'],
  [/(?:^|\.)migadu\.com$/, 'spf.migadu.com'],
  [/(?:^|\.)gandi\.net$/, '_mailcust.gandi.net'],
];

/** The name to include for this relay; null where only its provider knows. */
export const includeOf = (smtpHost: string): string | null =>
  includes.find(([pattern]) => pattern.test(smtpHost.toLowerCase()))?.[1] ?? null;

const providers =
  /^(?:gmail|googlemail|outlook|hotmail|live|msn|icloud|me|aol|proton|protonmail|fastmail|mail|inbox)\.(?:com|me|ru)$|^(?:yahoo|ymail|gmx|yandex)\.[a-z.]+$|^(?:web\.de|mac\.com|t-online\.de|freenet\.de)$/;

/** Whose records nobody here can change. */
export const isProvidersDomain = (domain: string): boolean => providers.test(domain);
