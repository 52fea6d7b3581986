import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { createTwilioClient, twilioApiUrl, twilioMessagingUrl, type TwilioClient } from './twilio-client.ts';

const config = z.object({
  accountSid: z.string(),
  /** E.164, or '' when a messaging service chooses the number. */
  from: z.string().default(''),
  messagingServiceSid: z.string().default(''),
  /** Whether pictures can go out; known from the number. */
  sendsMedia: z.boolean().default(false),
  /** Where Twilio calls us, as it was told when the channel was connected. */
  webhookUrl: z.string().default(''),
  /** The account's own words for stopping (Advanced Opt-Out): then only Twilio's word for it counts. */
  advancedOptOut: z.boolean().default(false),
  apiUrl: z.string().default(''),
});
export type TwilioConfig = z.infer<typeof config>;

type Account = Pick<ChannelAccount, 'config' | 'secret' | 'name'>;

/** Throws channel.incomplete for a channel whose settings can't be read. */
export function configOf(account: Pick<Account, 'config' | 'name'>): TwilioConfig {
  const read = config.safeParse(account.config);
  if (read.success) return read.data;
  throw new HoldfastError('channel.incomplete', {
    detail: say`The channel "${account.name}" has no Twilio account.`,
    hint: 'Connect it again under Channels.',
  });
}

/** The auth token signs Twilio's calls as well as ours. Throws channel.token when there is none. */
export function authTokenOf(account: Pick<Account, 'secret' | 'name'>): string {
  if (account.secret) return account.secret;
  throw new HoldfastError('channel.token', {
    detail: say`The channel "${account.name}" has no auth token.`,
    hint: 'Enter it under Channels.',
  });
}

export function clientOf({ egress, apiUrls }: ChannelOptions, account: Account): TwilioClient {
  const { accountSid, apiUrl } = configOf(account);
  const own = apiUrl || apiUrls?.twilio;
  return createTwilioClient({
    egress,
    baseUrl: own ?? twilioApiUrl,
    messagingUrl: own ?? twilioMessagingUrl,
    accountSid,
    authToken: authTokenOf(account),
  });
}
