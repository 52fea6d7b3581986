type Security = 'tls' | 'starttls' | 'none';
export interface ServerAddress {
  host: string;
  port: number;
  security: Security;
}
export interface MailPreset {
  id: string;
  name: string;
  /** Addresses that belong to it for certain. */
  domains: readonly string[];
  imap: ServerAddress;
  smtp: ServerAddress;
  /** Where its own kind of password is made, for programs. */
  passwordPage?: string;
  /** It takes tokens only. */
  tokenUrl?: string;
}

const tls = (host: string, port: number): ServerAddress => ({ host, port, security: 'tls' });
const starttls = (host: string, port = 587): ServerAddress => ({ host, port, security: 'starttls' });

/** Servers as the providers publish them. Further ones are guessed from the address. */
export const mailPresets: readonly MailPreset[] = [
  {
    id: 'google',
    name: 'Gmail, Google Workspace',
    domains: ['gmail.com', 'googlemail.com'],
    imap: tls('imap.gmail.com', 993),
    smtp: tls('smtp.gmail.com', 465),
    passwordPage: 'https://myaccount.google.com/apppasswords',
  },
  {
    id: 'microsoft',
    name: 'Outlook, Microsoft 365',
    domains: ['outlook.com', 'hotmail.com', 'live.com', 'msn.com'],
    imap: tls('outlook.office365.com', 993),
    smtp: starttls('smtp.office365.com'),
    tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
  },
  {
    id: 'icloud',
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: tls('imap.mail.me.com', 993),
    smtp: starttls('smtp.mail.me.com'),
    passwordPage: 'https://account.apple.com',
  },
  {
    id: 'yahoo',
    name: 'Yahoo',
    domains: ['yahoo.com', 'yahoo.es', 'yahoo.com.br', 'yahoo.com.mx', 'yahoo.de', 'yahoo.fr', 'yahoo.it', 'ymail.com'],
    imap: tls('imap.mail.yahoo.com', 993),
    smtp: tls('smtp.mail.yahoo.com', 465),
    passwordPage: 'https://login.yahoo.com/account/security',
  },
  {
    id: 'zoho',
    name: 'Zoho Mail',
    domains: ['zoho.com', 'zohomail.com'],
    imap: tls('imap.zoho.com', 993),
    smtp: tls('smtp.zoho.com', 465),
    passwordPage: 'https://accounts.zoho.com/home#security/app_password',
  },
  {
    id: 'fastmail',
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm'],
    imap: tls('imap.fastmail.com', 993),
    smtp: tls('smtp.fastmail.com', 465),
    passwordPage: 'https://app.fastmail.com/settings/security/apps',
  },
  { id: 'ionos', name: 'IONOS', domains: [], imap: tls('imap.ionos.com', 993), smtp: tls('smtp.ionos.com', 465) },
  {
    id: 'gmx',
    name: 'GMX',
    domains: ['gmx.com', 'gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch'],
    imap: tls('imap.gmx.net', 993),
    smtp: tls('mail.gmx.net', 465),
  },
];

/** Whose mailbox an address is, where the address says it; null for a domain of one's own. */
export function presetOf(address: string): MailPreset | null {
  const domain = domainOf(address);
  return mailPresets.find(({ domains }) => domains.includes(domain)) ?? null;
}

/** Most hosts name their servers so. */
export const guessServers = (address: string): { imap: ServerAddress; smtp: ServerAddress } => {
  const domain = domainOf(address) || 'example.com';
  return { imap: tls(`imap.${domain}`, 993), smtp: tls(`smtp.${domain}`, 465) };
};

const domainOf = (address: string): string =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();

const usualPorts = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } } as const;
/** The port follows the kind of encryption as long as it is the usual one. */
export function withSecurity(use: 'imap' | 'smtp', server: ServerAddress, security: Security): ServerAddress {
  const isUsual = server.port === usualPorts[use][server.security];
  return { ...server, security, port: isUsual ? usualPorts[use][security] : server.port };
}
