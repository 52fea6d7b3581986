import { HoldfastError } from '@holdfast/errors';
import { jsonObject, type JsonObject } from '@holdfast/node-kit';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import type { ChannelService } from '../channel-service.ts';
import { checkMailbox } from './check-mailbox.ts';
import { askSystemDns } from './domain/ask-dns.ts';
import { bareAddress } from './mail-ids.ts';
import { mailboxConfig, mailboxOf, mailboxSecret, mailServer, mailWay, type MailServer } from './mailbox-account.ts';

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
  via?: { kind: 'proxy'; url: string; username?: string | undefined; password?: string | undefined } | null | undefined;
}

/** These put what goes out through them into Sent by themselves. */
const filesItself = /(?:gmail|googlemail|google|office365|outlook|zoho\.\w+)\.?\w*$/i;

export function createEmailService({ egress, askDns = askSystemDns }: ChannelOptions): ChannelService<EmailConnection> {
  const check = async (account: Pick<ChannelAccount, 'name' | 'config' | 'secret'>): Promise<JsonObject> =>
    checkMailbox(egress, mailboxOf(account), askDns);
  return {
    kind: 'email',
    unique: { key: 'address', label: (address) => address },
    settings: [
      'fromName',
      'imap',
      'smtp',
      'folders',
      'afterReading',
      'moveTo',
      'savesSent',
      'aliases',
      'oauth',
      'relay',
      'dkimSelector',
      'via',
    ],
    secrets: ['password', 'smtpPassword', 'relayPassword', 'refreshToken', 'clientSecret', 'proxyPassword'],
    connect: async (given, { claim }) => {
      const account = accountOf(given);
      await claim(bareAddress(given.address));
      return { name: account.name, config: account.config, secret: account.secret, facts: await check(account), status: 'active' };
    },
    change: async (account, { settings = {}, secrets = {} }) => {
      const before = mailboxSecret.catch(mailboxSecret.parse({})).parse(JSON.parse(account.secret ?? '{}'));
      const config = parseConfig({ ...account.config, ...settings });
      refuseOldPassword(account.config, config, secrets);
      const kept = refuseOldWay(account.config, config, secrets) ? before : { ...before, proxyPassword: '' };
      const changed = { ...account, config: { ...account.config, ...config }, secret: JSON.stringify({ ...kept, ...secrets }) };
      return { config: changed.config, secret: changed.secret, facts: await check(changed) };
    },
    check,
  };
}

function accountOf(given: EmailConnection): { name: string; config: JsonObject; secret: string } {
  const { name, password = '', smtpPassword = '', oauth, savesSent, via, ...rest } = given;
  const config = parseConfig({
    ...rest,
    address: bareAddress(given.address),
    via: via ? { kind: via.kind, url: via.url, username: via.username ?? '' } : null,
    savesSent: savesSent ?? !filesItself.test(given.smtp.host),
    ...(oauth ? { oauth: { tokenUrl: oauth.tokenUrl, clientId: oauth.clientId } } : {}),
  });
  const tokens = { refreshToken: oauth?.refreshToken ?? '', clientSecret: oauth?.clientSecret ?? '' };
  const secret = { password, smtpPassword, ...tokens, proxyPassword: via?.password ?? '' };
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

/** Whether the way is the same as before: then its password stays. A new one leads the mailbox's own password elsewhere, so that must be given again. */
function refuseOldWay(before: JsonObject, after: JsonObject, secrets: Readonly<Record<string, string>>): boolean {
  const way = ({ via }: JsonObject): string => JSON.stringify(mailWay.nullable().catch(null).parse(via));
  if (way(before) === way(after)) return true;
  if (secrets['password'] !== undefined || secrets['refreshToken'] !== undefined) return false;
  throw new HoldfastError('request.invalid', {
    detail: 'A new way there needs the password of the mailbox again.',
    hint: 'Enter it again: it would go another way than before.',
    path: 'secrets.password',
  });
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
