import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { createGraphClient, graphApiUrl, type GraphClient } from './graph-client.ts';

const sealed = z.object({ token: z.string().default(''), appSecret: z.string().default('') });
export type WhatsAppSecrets = z.infer<typeof sealed>;

/** What a channel's sealed text holds; empty texts where there is nothing. */
export function secretsOf(account: Pick<ChannelAccount, 'secret'>): WhatsAppSecrets {
  try {
    return sealed.parse(JSON.parse(account.secret ?? '{}'));
  } catch {
    return { token: '', appSecret: '' };
  }
}

const numbers = z.object({ phoneNumberId: z.string(), wabaId: z.string() });

/** The account's two numbers at Meta. Throws channel.incomplete when they were never stored. */
export function numbersOf(account: Pick<ChannelAccount, 'config' | 'name'>): z.infer<typeof numbers> {
  const found = numbers.safeParse(account.config);
  if (found.success) return found.data;
  throw new HoldfastError('channel.incomplete', {
    detail: say`The channel "${account.name}" has no phone number ID.`,
    hint: 'Connect it again under Channels.',
  });
}

/** Throws channel.token when the channel holds no access token. */
export function clientOf({ egress, apiUrls }: ChannelOptions, account: Pick<ChannelAccount, 'config' | 'secret' | 'name'>): GraphClient {
  const { token } = secretsOf(account);
  if (token === '')
    throw new HoldfastError('channel.token', {
      detail: say`The channel "${account.name}" has no access token.`,
      hint: 'Enter the token under Channels.',
    });
  const own = account.config['apiUrl'];
  return createGraphClient({ egress, token, baseUrl: typeof own === 'string' && own !== '' ? own : (apiUrls?.whatsapp ?? graphApiUrl) });
}
