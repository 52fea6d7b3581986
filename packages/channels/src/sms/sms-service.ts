import { loadFile } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { ChannelAccount, InboundEvent } from '../channel-adapter.ts';
import type { ChannelOptions } from '../channel-options.ts';
import type { ChannelService, Missing, WebhookAnswer, WebhookRequest } from '../channel-service.ts';
import type { ReceiveDeps } from '../receive-deps.ts';
import { checkNumber, type NumberFacts } from './check-number.ts';
import { mediaType, readMediaLink } from './media-link.ts';
import { parseTwilioCall } from './parse-call.ts';
import { priceOf } from './price-of.ts';
import { authTokenOf, clientOf, configOf } from './twilio-account.ts';
import type { TwilioClient } from './twilio-client.ts';
import { verifyTwilio } from './verify-twilio.ts';

export interface SmsConnection {
  name?: string | undefined;
  accountSid: string;
  authToken: string;
  from?: string | undefined;
  messagingServiceSid?: string | undefined;
  advancedOptOut?: boolean | undefined;
}

export function createSmsService(options: ChannelOptions, receive: ReceiveDeps): ChannelService<SmsConnection> {
  return {
    kind: 'sms',
    unique: { key: 'sender', label: (sender) => sender },
    settings: ['from', 'messagingServiceSid', 'advancedOptOut'],
    secrets: ['authToken'],
    connect: async (given, { claim, webhookUrl }) => {
      const { name, authToken, accountSid, from = '', messagingServiceSid = '', advancedOptOut = false } = given;
      const sender = messagingServiceSid || from;
      await claim(sender);
      const config = { accountSid, from, messagingServiceSid, advancedOptOut, sender, webhookUrl: webhookUrl ?? '' };
      const account = { name: name ?? (from || 'SMS'), config, secret: authToken };
      const found = await checkNumber(options, account, { takesOver: true });
      return {
        name: account.name,
        config: { ...config, sendsMedia: found.sendsMedia },
        secret: authToken,
        facts: factsOf(found),
        status: missing(account) === null ? 'active' : 'paused',
      };
    },
    change: async (account, { settings = {}, secrets = {} }) => {
      const config: JsonObject = { ...account.config, ...settings };
      const sender = [config['messagingServiceSid'], config['from']].find((one) => typeof one === 'string' && one !== '') ?? '';
      const changed = { ...account, config: { ...config, sender }, secret: secrets['authToken'] ?? account.secret ?? '' };
      const found = await checkNumber(options, changed, { takesOver: true });
      return { config: { ...changed.config, sendsMedia: found.sendsMedia }, secret: changed.secret, facts: factsOf(found) };
    },
    check: async (account) => {
      const found = missing(account);
      if (found !== null) throw new HoldfastError('channel.incomplete', { ...found });
      return factsOf(await checkNumber(options, account, { takesOver: false }));
    },
    missing,
    webhook: { maxBytes: 100_000, receive: (account, request) => answerCall(options, receive, account, request) },
  };
}

const factsOf = ({ accountName, isTrial, callsUs, sendsMedia }: NumberFacts): JsonObject => ({ accountName, isTrial, callsUs, sendsMedia });

/** Twilio delivers by webhook only. */
function missing({ config, name }: Pick<ChannelAccount, 'config' | 'name'>): Missing | null {
  if (config['webhookUrl']) return null;
  return {
    detail: say`"${name}" can’t receive: Twilio calls Holdfast, and nobody has told it the public https address.`,
    hint: 'Set HOLDFAST_PUBLIC_URL and connect the number again.',
    path: 'publicUrl',
  };
}

/** Twilio reads TwiML; empty means that nothing is to be said now: answers go through delivery. */
const nothing: WebhookAnswer = { status: 200, type: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' };

async function answerCall(
  options: ChannelOptions,
  receive: ReceiveDeps,
  account: ChannelAccount,
  request: WebhookRequest,
): Promise<WebhookAnswer> {
  const authToken = authTokenOf(account);
  if (request.method === 'GET' && request.query.has('media')) return handOut(receive, account, readMediaLink(request.query, authToken));
  if (request.method !== 'POST') throw nothingHere();
  const { webhookUrl, advancedOptOut } = configOf(account);
  const parameters = verifyTwilio(request, { authToken, webhookUrl });
  const events = parseTwilioCall(parameters, { advancedOptOut, reference: request.query.get('ref') });
  await takeIn(options, receive, account, events);
  return nothing;
}

async function takeIn(options: ChannelOptions, receive: ReceiveDeps, account: ChannelAccount, events: InboundEvent[]): Promise<void> {
  if (events.length === 0) return;
  const client = clientOf(options, account);
  const { secret: _secret, ...channel } = account;
  await receive.onEvents(channel, events);
  // Twilio waits for our answer, not for what it costs.
  for (const event of events)
    notePrice(client, event, (priced) => receive.onEvents(channel, [priced])).catch((error: unknown) =>
      receive.log.warn({ channel: account.id, err: error }, 'What a message cost could not be noted.'),
    );
}

async function notePrice(client: TwilioClient, event: InboundEvent, save: (priced: InboundEvent) => Promise<unknown>): Promise<void> {
  if (!event.status || !event.providerMessageId) return;
  const price = await priceOf(client, event.providerMessageId, event.status.status);
  if (price) await save({ ...event, status: { ...event.status, price } });
}

async function handOut({ pool }: ReceiveDeps, account: ChannelAccount, fileId: string | null): Promise<WebhookAnswer> {
  const file = fileId === null ? null : await loadFile(pool, { workspaceId: account.workspaceId, id: fileId });
  if (!file) throw nothingHere();
  return { status: 200, type: mediaType(file.mimeType), body: file.content };
}

const nothingHere = () => new HoldfastError('resource.missing', { detail: 'There is nothing at this address.' });
