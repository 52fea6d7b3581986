import type { Way } from '@holdfast/egress';
import { HoldfastError, say } from '@holdfast/errors';
import { plainProxyUrl, proxyUrl } from '@holdfast/node-kit';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import { bareAddress } from './mail-ids.ts';

/** `tls` from the first byte (993, 465); `starttls` upgrades or fails (143, 587); `none` sends the password readable. */
export const mailSecurity = z.enum(['tls', 'starttls', 'none']);
export const mailServer = z.object({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  security: mailSecurity,
  user: z.string().trim().min(1).max(320),
});
export type MailServer = z.infer<typeof mailServer>;

/** Another way for mails to go out. */
const secondRelay = mailServer.extend({
  /** Where it lets us send only as somebody else; the mailbox’s own address then stands in Reply-To. */
  from: z.union([z.literal(''), z.email().max(320)]).default(''),
  /** Not by the mailbox's way: it stands outside of that network. */
  isStraight: z.boolean().default(false),
});

/** A proxy that leads to the mailbox's own servers, which knows their names. */
export const mailWay = z.strictObject({
  kind: z.literal('proxy'),
  url: proxyUrl.transform(plainProxyUrl),
  username: z
    .string()
    .max(255)
    .regex(/^[^\r\n\0]*$/)
    .default(''),
});

export const mailboxConfig = z.object({
  /** What people write to, and what answers come from. */
  address: z.email().max(320),
  fromName: z.string().max(120).default(''),
  imap: mailServer,
  smtp: mailServer,
  /** Folders that are read. */
  folders: z.array(z.string().min(1).max(200)).min(1).max(10).default(['INBOX']),
  afterReading: z.enum(['seen', 'keep', 'move']).default('seen'),
  moveTo: z.string().max(200).default(''),
  /** How its servers are reached; null: straight, at public addresses only. */
  via: mailWay.nullable().default(null),
  /** Takes what the first one, or who it sends to, blocks. */
  relay: secondRelay.nullable().default(null),
  /** Under which name the provider keeps the key that it signs our mails with. */
  dkimSelector: z
    .string()
    .trim()
    .regex(/^[a-z0-9._-]{0,63}$/i, 'Letters, digits and . _ - only')
    .default(''),
  /** Puts a copy of what we send into Sent; providers that do it themselves would have it twice. */
  savesSent: z.boolean().default(false),
  /** Further addresses that lead to this mailbox: what comes from them is our own. */
  aliases: z.array(z.email().max(320)).max(50).default([]),
  /** Set: the mailbox is opened with tokens (XOAUTH2) in place of a password. */
  oauth: z.object({ tokenUrl: z.url().max(500), clientId: z.string().min(1).max(500) }).optional(),
});
export type MailboxConfig = z.infer<typeof mailboxConfig>;

export const mailboxSecret = z.object({
  password: z.string().default(''),
  /** When sending has one of its own. */
  smtpPassword: z.string().default(''),
  /** Of the second relay. */
  relayPassword: z.string().default(''),
  /** Of the proxy, where it asks for one. */
  proxyPassword: z.string().default(''),
  /** XOAUTH2: made by the person with the provider. */
  refreshToken: z.string().default(''),
  clientSecret: z.string().default(''),
});
export type MailboxSecret = z.infer<typeof mailboxSecret>;

export interface Mailbox {
  config: MailboxConfig;
  secret: MailboxSecret;
  domain: string;
  /** In small letters. */
  own: ReadonlySet<string>;
}

/** Throws channel.incomplete for a channel whose settings can't be read. */
export function mailboxOf(account: Pick<ChannelAccount, 'config' | 'secret' | 'name'>): Mailbox {
  const config = mailboxConfig.safeParse(account.config);
  const secret = mailboxSecret.safeParse(parseJson(account.secret));
  if (!config.success || !secret.success)
    throw new HoldfastError('channel.incomplete', {
      detail: say`The mailbox "${account.name}" is not set up completely.`,
      hint: 'Connect it again under Channels.',
    });
  const { address, aliases } = config.data;
  return {
    config: config.data,
    secret: secret.data,
    domain: address.slice(address.lastIndexOf('@') + 1).toLowerCase(),
    own: new Set([address, ...aliases].map(bareAddress)),
  };
}

/** How its servers are reached, if not straight. */
export const wayOf = ({ config: { via }, secret }: Pick<Mailbox, 'config' | 'secret'>): Way | null =>
  via === null ? null : { ...via, password: secret.proxyPassword };

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return null;
  }
}
