import { noteChannelFacts } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import type { ChannelService, Missing } from '../channel-service.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { clientOf, numbersOf, secretsOf } from './account.ts';
import { checkNumbers, type NumberFacts } from './connect.ts';
import { explaining } from './explain-refusal.ts';
import { receiveWhatsApp } from './receive.ts';
import type { SiblingDeps } from './sort-by-channel.ts';
import { fetchTemplates } from './templates.ts';
import { answerChallenge, verifySignature } from './verify-signature.ts';

export interface WhatsAppConnection {
  name?: string | undefined;
  phoneNumberId: string;
  wabaId: string;
  token: string;
  appSecret?: string | undefined;
}

export function createWhatsAppService(options: ChannelOptions, receive: ReceiveDeps & SiblingDeps): ChannelService<WhatsAppConnection> {
  return {
    kind: 'whatsapp',
    unique: { key: 'phoneNumberId', label: (id) => say`The phone number ID ${id}` },
    settings: ['phoneNumberId', 'wabaId'],
    secrets: ['token', 'appSecret'],
    connect: async ({ name, phoneNumberId, wabaId, token, appSecret = '' }, { claim }) => {
      await claim(phoneNumberId);
      const account = { name: 'WhatsApp', config: { phoneNumberId, wabaId }, secret: JSON.stringify({ token, appSecret }) };
      const found = await checkNumbers(options, account, { phoneNumberId, wabaId });
      return {
        name: name ?? (found.verifiedName || found.displayPhoneNumber || 'WhatsApp'),
        config: { ...account.config, ...shown(found) },
        secret: account.secret,
        facts: found.facts,
        status: missing(account) === null ? 'active' : 'paused',
      };
    },
    change: async (account, { settings = {}, secrets = {} }) => {
      const changed = {
        ...account,
        config: { ...account.config, ...settings },
        secret: JSON.stringify({ ...secretsOf(account), ...secrets }),
      };
      const found = await checkNumbers(options, changed, numbersOf(changed));
      return { config: { ...changed.config, ...shown(found) }, secret: changed.secret, facts: found.facts };
    },
    check: async (account) => {
      const found = missing(account);
      if (found !== null) throw new HoldfastError('channel.incomplete', { ...found });
      return (await checkNumbers(options, account, numbersOf(account))).facts;
    },
    missing,
    templates: (account) => explaining(() => fetchTemplates(clientOf(options, account), numbersOf(account).wabaId)),
    webhook: {
      // Meta's own limit of one call.
      maxBytes: 3_000_000,
      receive: async (account, { method, query, headers, body, hookSecret, json }) => {
        if (method === 'GET') {
          const challenge = answerChallenge(query, hookSecret);
          await noteChannelFacts(receive.pool, { ...account, facts: { verifiedAt: new Date().toISOString() } });
          return { status: 200, type: 'text/plain', body: challenge };
        }
        if (method !== 'POST') throw new HoldfastError('resource.missing', { detail: 'There is nothing at this address.' });
        verifySignature(secretsOf(account).appSecret, headers['x-hub-signature-256'], body);
        await receiveWhatsApp(receive, account, json());
        return { status: 200, body: '{"ok":true}' };
      },
    },
  };
}

const shown = ({ displayPhoneNumber, verifiedName }: NumberFacts) => ({ displayPhoneNumber, verifiedName });

/** Without the app secret nobody could tell Meta's calls from anybody's. */
function missing(account: Pick<ChannelAccount, 'secret' | 'name'>): Missing | null {
  const { token, appSecret } = secretsOf(account);
  if (token === '') return { detail: say`"${account.name}" has no access token.`, hint: 'Enter one.', path: 'token' };
  if (appSecret !== '') return null;
  return {
    detail: say`"${account.name}" has no app secret, so nobody could tell Meta’s calls from anybody else’s.`,
    hint: 'Copy it from the app’s page at developers.facebook.com: App settings, Basic, App secret.',
    path: 'appSecret',
  };
}
