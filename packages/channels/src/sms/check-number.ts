import { HoldfastError, say } from '@holdfast/errors';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { explainRefusal } from './explain-refusal.ts';
import { clientOf, configOf, type TwilioConfig } from './twilio-account.ts';
import { TwilioRefusal, type TwilioClient } from './twilio-client.ts';
import { retryFragment } from './verify-twilio.ts';

const accountFacts = z.object({
  friendly_name: z.string().default(''),
  status: z.string().default('active'),
  type: z.string().default('Full'),
});
const numbers = z.object({
  incoming_phone_numbers: z.array(
    z.object({
      sid: z.string(),
      sms_url: z.string().nullable().default(''),
      capabilities: z.object({ sms: z.boolean().default(false), mms: z.boolean().default(false) }),
    }),
  ),
});
const service = z.object({ sid: z.string(), inbound_request_url: z.string().nullable().default('') });

export interface NumberFacts {
  accountName: string;
  isTrial: boolean;
  sendsMedia: boolean;
  /** Twilio has our address for incoming messages. */
  callsUs: boolean;
}

/**
 * Asks Twilio about everything that was entered, so that what is wrong is named: the account, its token, the number or service. `takesOver`
 * also gives Twilio our address for incoming messages, with five more tries when we don't answer.
 */
export async function checkNumber(
  options: ChannelOptions,
  account: Pick<ChannelAccount, 'name' | 'config' | 'secret'>,
  { takesOver }: { takesOver: boolean },
): Promise<NumberFacts> {
  const client = clientOf(options, account);
  const config = configOf(account);
  const found = accountFacts.parse(await asking('authToken', () => client.call('GET', '.json')));
  if (found.status !== 'active')
    throw new HoldfastError('channel.token', {
      detail: say`The Twilio account is ${found.status}.`,
      hint: 'Look at it in the Twilio console.',
      path: 'accountSid',
    });
  const sender =
    config.messagingServiceSid === '' ? await checkFrom(client, config, takesOver) : await checkService(client, config, takesOver);
  return { accountName: found.friendly_name, isTrial: found.type === 'Trial', ...sender };
}

type SenderFacts = Pick<NumberFacts, 'sendsMedia' | 'callsUs'>;

async function checkFrom(client: TwilioClient, { from, webhookUrl }: TwilioConfig, takesOver: boolean): Promise<SenderFacts> {
  const answer = await asking('from', () => client.call('GET', '/IncomingPhoneNumbers.json', { query: { PhoneNumber: from } }));
  const [number] = numbers.parse(answer).incoming_phone_numbers;
  if (!number)
    throw new HoldfastError('channel.incomplete', {
      detail: say`The Twilio account has no number ${from}.`,
      hint: 'Write it with + and country code, as the Twilio console shows it.',
      path: 'from',
    });
  if (!number.capabilities.sms)
    throw new HoldfastError('channel.incomplete', {
      detail: say`${from} can’t send text messages.`,
      hint: 'Choose a number with SMS.',
      path: 'from',
    });
  if (takesOver && webhookUrl !== '')
    await asking('from', () =>
      client.call('POST', `/IncomingPhoneNumbers/${number.sid}.json`, { form: { SmsUrl: webhookUrl + retryFragment, SmsMethod: 'POST' } }),
    );
  return { sendsMedia: number.capabilities.mms, callsUs: takesOver ? webhookUrl !== '' : isOurs(number.sms_url, webhookUrl) };
}

async function checkService(
  client: TwilioClient,
  { messagingServiceSid, webhookUrl }: TwilioConfig,
  takesOver: boolean,
): Promise<SenderFacts> {
  const path = `/v1/Services/${encodeURIComponent(messagingServiceSid)}`;
  const found = service.parse(await asking('messagingServiceSid', () => client.callService('GET', path)));
  if (takesOver && webhookUrl !== '')
    await asking('messagingServiceSid', () =>
      client.callService('POST', path, {
        form: { InboundRequestUrl: webhookUrl + retryFragment, InboundMethod: 'POST', UseInboundWebhookOnNumber: 'false' },
      }),
    );
  // Its numbers differ; a link works with all of them.
  return { sendsMedia: false, callsUs: takesOver ? webhookUrl !== '' : isOurs(found.inbound_request_url, webhookUrl) };
}

const isOurs = (told: string | null, webhookUrl: string): boolean => webhookUrl !== '' && (told ?? '').split('#')[0] === webhookUrl;

async function asking<T>(path: 'authToken' | 'from' | 'messagingServiceSid', work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (!(error instanceof TwilioRefusal)) throw error;
    if (error.status === 404 && path === 'messagingServiceSid')
      throw new HoldfastError('channel.incomplete', {
        detail: 'The Twilio account has no such messaging service.',
        hint: 'Its SID begins with MG.',
        path,
      });
    const known = explainRefusal(error);
    throw new HoldfastError(known.code, {
      detail: known.words.detail,
      path,
      ...(known.words.hint === undefined ? {} : { hint: known.words.hint }),
    });
  });
}
