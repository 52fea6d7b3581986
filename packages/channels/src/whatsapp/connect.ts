import { createHmac } from 'node:crypto';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import type { ChannelAccount } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import { clientOf, secretsOf } from './account.ts';
import { explainRefusal } from './explain-refusal.ts';
import { GraphRefusal, type GraphClient } from './graph-client.ts';

type Account = Pick<ChannelAccount, 'config' | 'secret' | 'name'>;
export interface Numbers {
  phoneNumberId: string;
  wabaId: string;
}

const phone = z.object({
  display_phone_number: z.string().default(''),
  verified_name: z.string().default(''),
  quality_rating: z.string().default('UNKNOWN'),
});
const limits = z.object({
  throughput: z.object({ level: z.string() }).optional().catch(undefined),
  whatsapp_business_manager_messaging_limit: z.string().optional().catch(undefined),
});
const phoneNumbers = z.object({ data: z.array(z.object({ id: z.string() })).default([]) });

/** What Meta says about the account, as it is kept in the channel's config and health. */
export interface NumberFacts {
  displayPhoneNumber: string;
  verifiedName: string;
  quality: string;
  facts: JsonObject;
}

/**
 * Asks Meta about everything that was entered, one thing after the other, so that what is wrong is named: the token, the number, the
 * business account, the app secret. Then has the account's webhooks sent to the token's app.
 */
export async function checkNumbers(options: ChannelOptions, account: Account, numbers: Numbers): Promise<NumberFacts> {
  const client = clientOf(options, account);
  const { appSecret, token } = secretsOf(account);
  const found = phone.parse(
    await asking('phoneNumberId', () =>
      client.call('GET', numbers.phoneNumberId, { query: { fields: 'display_phone_number,verified_name,quality_rating' } }),
    ),
  );
  await checkBelongs(client, numbers);
  if (appSecret !== '') await checkAppSecret(client, numbers.phoneNumberId, { appSecret, token });
  await asking('wabaId', () => client.call('POST', `${numbers.wabaId}/subscribed_apps`));
  return {
    displayPhoneNumber: found.display_phone_number,
    verifiedName: found.verified_name,
    quality: found.quality_rating,
    facts: { quality: found.quality_rating, hasAppSecret: appSecret !== '', ...(await readLimits(client, numbers.phoneNumberId)) },
  };
}

async function checkBelongs(client: GraphClient, { phoneNumberId, wabaId }: Numbers): Promise<void> {
  const { data } = phoneNumbers.parse(
    await asking('wabaId', () => client.call('GET', `${wabaId}/phone_numbers`, { query: { fields: 'id', limit: '200' } })),
  );
  if (data.some(({ id }) => id === phoneNumberId)) return;
  throw new HoldfastError('channel.incomplete', {
    detail: say`The business account ${wabaId} has no phone number with the ID ${phoneNumberId}.`,
    hint: 'Copy both from the same page: WhatsApp Manager, Phone numbers.',
    path: 'wabaId',
  });
}

/** Meta refuses a call whose proof was made with another app's secret, and says so. */
async function checkAppSecret(
  client: GraphClient,
  phoneNumberId: string,
  { appSecret, token }: { appSecret: string; token: string },
): Promise<void> {
  const proof = createHmac('sha256', appSecret).update(token).digest('hex');
  try {
    await client.call('GET', phoneNumberId, { query: { fields: 'id', appsecret_proof: proof } });
  } catch (error) {
    if (!(error instanceof GraphRefusal) || !/appsecret_proof/i.test(error.message)) throw explained(error, 'appSecret');
    throw new HoldfastError('channel.token', {
      detail: 'The app secret does not belong to the app that made this token.',
      hint: 'Copy it from the app’s page: App settings, Basic, App secret.',
      path: 'appSecret',
    });
  }
}

/** Nice to know: what Meta does not tell this token is left out. */
async function readLimits(client: GraphClient, phoneNumberId: string): Promise<JsonObject> {
  try {
    const fields = 'throughput,whatsapp_business_manager_messaging_limit';
    const found = limits.parse(await client.call('GET', phoneNumberId, { query: { fields } }));
    const tier = found.whatsapp_business_manager_messaging_limit;
    return { ...(tier === undefined ? {} : { tier }), ...(found.throughput ? { throughput: found.throughput.level } : {}) };
  } catch {
    return {};
  }
}

async function asking<T>(path: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw explained(error, path);
  });
}

function explained(error: unknown, path: string): unknown {
  if (!(error instanceof GraphRefusal)) return error;
  if (error.code === 100 && error.subcode === 33)
    return new HoldfastError('channel.incomplete', {
      detail: say`WhatsApp knows no such ${path === 'wabaId' ? 'business account' : 'phone number'}, or this token may not see it.`,
      hint: 'Copy the ID from the WhatsApp Manager, and give the token’s system user access to the account.',
      path,
    });
  const { code, detail, hint, retryAfterMs } = explainRefusal(error);
  return new HoldfastError(code, {
    detail,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    path: code === 'channel.token' ? 'token' : path,
  });
}
