import { HoldfastError } from '@holdfast/errors';
import { jsonObject, type JsonObject } from '@holdfast/node-kit';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import type { ChannelService } from '../channel-service.ts';
import { checkMailbox } from './check-mailbox.ts';
import { askSystemDns } from './domain/ask-dns.ts';
import { bareAddress } from './mail-ids.ts';
import { mailboxConfig, mailboxOf, mailboxSecret, mailServer, type MailServer } from './mailbox-account.ts';

export interface EmailConnection {
  name?: string | undefined;
  address: string;
  fromName?: string | undefined;
  imap: MailServer;
  smtp: MailServer;
  password?: string | undefined;
  smtpPassword?: string | undefined;
  oauth?: { tokenUrl: string; clientId: string; clientSecret?: string | undefined; refreshToken: string } | undefined;
  folders?: string[] | undefined;
  afterReading?: 'seen' | 'keep' | 'move' | undefined;
  moveTo?: string | undefined;
  savesSent?: boolean | undefined;
}

/** These put what goes out through them into Sent by themselves. */
const filesItself = /(?:gmail|googlemail|google|office365|outlook|zoho\.\w+)\.?\w*$/i;

export function createEmailService({ egress, askDns = askSystemDns }: ChannelOptions): ChannelService<EmailConnection> {
  const check = async (account: Pick<ChannelAccount, 'name' | 'config' | 'secret'>): Promise<JsonObject> =>
    checkMailbox(egress, mailboxOf(account), askDns);
  return {
    kind: 'email',
    unique: { key: 'address', label: (address) => address },
    settings: ['fromName', 'imap', 'smtp', 'folders', 'afterReading', 'moveTo', 'savesSent', 'aliases', 'oauth', 'relay', 'dkimSelector'],
    secrets: ['password', 'smtpPassword', 'relayPassword', 'refreshToken', 'clientSecret'],
    connect: async (given, { claim }) => {
      const account = accountOf(given);
      await claim(bareAddress(given.address));
      return { name: account.name, config: account.config, secret: account.secret, facts: await check(account), status: 'active' };
    },
    change: async (account, { settings = {}, secrets = {} }) => {
      const before = mailboxSecret.catch(mailboxSecret.parse({})).parse(JSON.parse(account.secret ?? '{}'));
      const config = parseConfig({ ...account.config, ...settings });
      refuseOldPassword(account.config, config, secrets);
      const changed = { ...account, config: { ...account.config, ...config }, secret: JSON.stringify({ ...before, ...secrets }) };
      return { config: changed.config, secret: changed.secret, facts: await check(changed) };
    },
    check,
  };
}

function accountOf(given: EmailConnection): { name: string; config: JsonObject; secret: string } {
  const { name, password = '', smtpPassword = '', oauth, savesSent, ...rest } = given;
  const config = parseConfig({
    ...rest,
    address: bareAddress(given.address),
    savesSent: savesSent ?? !filesItself.test(given.smtp.host),
    ...(oauth ? { oauth: { tokenUrl: oauth.tokenUrl, clientId: oauth.clientId } } : {}),
  });
  const secret = { password, smtpPassword, refreshToken: oauth?.refreshToken ?? '', clientSecret: oauth?.clientSecret ?? '' };
  return { name: name ?? given.address, config, secret: JSON.stringify(secret) };
}

/** A stored password goes only to the server that it was entered for. */
function refuseOldPassword(before: JsonObject, after: JsonObject, secrets: Readonly<Record<string, string>>): void {
  const server = ({ relay }: JsonObject): string => {
    const { host, port, user } = mailServer.partial().catch({}).parse(relay);
    return JSON.stringify([host, port, user]);
  };
  if (!after['relay'] || secrets['relayPassword'] !== undefined || server(before) === server(after)) return;
  throw new HoldfastError('request.invalid', { detail: 'Give the password of the second relay.', path: 'secrets.relayPassword' });
}

/** Throws request.invalid with the field. */
function parseConfig(given: object): JsonObject {
  const read = mailboxConfig.safeParse(JSON.parse(JSON.stringify(given)));
  if (read.success) return jsonObject.parse(JSON.parse(JSON.stringify(read.data)));
  const [issue] = read.error.issues;
  throw new HoldfastError('request.invalid', {
    detail: issue?.message ?? 'These settings can’t be used.',
    path: issue?.path.join('.') ?? 'settings',
  });
}
