import { jsonObject, jsonValue } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, problem } from './shared.ts';
import { proxyInput } from './ways.ts';

export const channelKind = z.enum(['simulator', 'telegram', 'whatsapp', 'email', 'sms']);

export const channel = z.object({
  id,
  kind: channelKind,
  name: z.string(),
  status: z.enum(['active', 'paused', 'broken']),
  /** What the kind keeps about the account: names, numbers, limits. Never a secret. */
  config: jsonObject,
  health: z.object({
    checkedAt: at.nullable(),
    lastInAt: at.nullable(),
    lastOutAt: at.nullable(),
    problem: problem.nullable(),
    queued: z.number().int(),
    /** What the provider last said about the account, by kind: quality, tier, when its webhook was seen. */
    facts: jsonObject,
    sending: z.object({
      /** green | yellow | red, where the provider rates the account. */
      quality: z.string().nullable(),
      /** People a day whom the provider lets it write to first; -1: any; null: it never said. */
      peoplePerDay: z.number().int().nullable(),
      /** Automation stands still until a person has looked. */
      automationPaused: z.object({ reason: z.string(), at }).nullable(),
      /** Conversations in which free text may be sent now. */
      openWindows: z.number().int(),
      /** This month's messages as far as prices are known, in millionths. */
      costs: z.array(z.object({ currency: z.string(), micro: z.number() })),
      /** Of the messages of the last 24 hours: how many the provider took, and how many of them came back or failed. */
      recent: z.object({ taken: z.number().int(), failed: z.number().int() }),
    }),
  }),
  createdAt: at,
});
export type Channel = z.infer<typeof channel>;

const connecting = {
  name: z.string().max(120).optional(),
  /** The public https address of this Holdfast, where HOLDFAST_PUBLIC_URL doesn't say it. */
  publicUrl: z.url().max(500).optional(),
};
const telegramConnection = z.strictObject({
  kind: z.literal('telegram'),
  ...connecting,
  token: z.string().min(10).max(200),
  delivery: z.enum(['polling', 'webhook']).default('polling'),
});
const digits = /^\d{5,20}$/;
const whatsappConnection = z.strictObject({
  kind: z.literal('whatsapp'),
  ...connecting,
  phoneNumberId: z.string().trim().regex(digits, 'Enter the phone number ID: digits only, not the phone number itself'),
  wabaId: z.string().trim().regex(digits, 'Enter the WhatsApp Business Account ID: digits only'),
  token: z.string().trim().min(20, 'Enter the access token').max(1_000),
  /** May be given later; the channel can't be active without it. */
  appSecret: z.string().trim().min(16).max(200).optional(),
});
const mailServer = z.strictObject({
  host: z.string().trim().min(1, 'Enter the server’s name').max(253),
  port: z.number().int().min(1).max(65_535),
  /** `none` sends the password readable: for a server in the same house. */
  security: z.enum(['tls', 'starttls', 'none']),
  user: z.string().trim().min(1, 'Enter the user name, often the whole address').max(320),
});
const emailConnection = z.strictObject({
  kind: z.literal('email'),
  ...connecting,
  address: z.email('Enter the address that customers write to').max(320),
  fromName: z.string().trim().max(120).optional(),
  imap: mailServer,
  smtp: mailServer,
  password: z.string().min(1, 'Enter the password').max(1_000).optional(),
  /** When sending has one of its own. */
  smtpPassword: z.string().max(1_000).optional(),
  /** In place of passwords: a refresh token for IMAP and SMTP (XOAUTH2). */
  oauth: z
    .strictObject({
      tokenUrl: z.url().max(500),
      clientId: z.string().trim().min(1).max(500),
      clientSecret: z.string().trim().max(1_000).optional(),
      refreshToken: z.string().trim().min(1).max(5_000),
    })
    .optional(),
  folders: z.array(z.string().min(1).max(200)).min(1).max(10).optional(),
  afterReading: z.enum(['seen', 'keep', 'move']).optional(),
  moveTo: z.string().trim().max(200).optional(),
  savesSent: z.boolean().optional(),
  /** How its servers are reached; straight when left out or null. */
  via: proxyInput.nullable().optional(),
});
const smsConnection = z
  .strictObject({
    kind: z.literal('sms'),
    ...connecting,
    accountSid: z
      .string()
      .trim()
      .regex(/^AC[0-9a-f]{32}$/i, 'Enter the account SID: AC and 32 characters'),
    authToken: z.string().trim().min(16, 'Enter the auth token').max(200),
    from: z
      .string()
      .trim()
      .regex(/^\+[1-9]\d{6,14}$/, 'Enter the number with + and country code')
      .optional(),
    messagingServiceSid: z
      .string()
      .trim()
      .regex(/^MG[0-9a-f]{32}$/i, 'Enter the messaging service’s SID: MG and 32 characters')
      .optional(),
    /** The account has words of its own for stopping; only what Twilio says about a message counts. */
    advancedOptOut: z.boolean().optional(),
  })
  .refine(({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined), {
    message: 'Enter the number to send from, or a messaging service',
    path: ['from'],
  });
/** What a person enters to connect each kind. */
export const channelConnection = z.discriminatedUnion('kind', [telegramConnection, whatsappConnection, emailConnection, smsConnection]);
export type ChannelConnection = z.infer<typeof channelConnection>;

export const messageTemplate = z.object({
  channelId: id,
  name: z.string(),
  language: z.string(),
  category: z.string(),
  /** In small letters, as the provider names it: approved, pending, rejected, paused, disabled. */
  status: z.string(),
  quality: z.string().nullable(),
  reason: z.string().nullable(),
  isNamed: z.boolean(),
  components: z.array(jsonValue),
  syncedAt: at,
});
export type MessageTemplateView = z.infer<typeof messageTemplate>;

export const channels = {
  listChannels: endpoint({
    method: 'GET',
    path: '/api/channels',
    summary: 'Channels and their health',
    permission: 'channels.read',
    response: z.object({ items: z.array(channel) }),
  }),
  createChannel: endpoint({
    method: 'POST',
    path: '/api/channels',
    summary: 'Connect a channel; what was entered is checked with the provider first',
    permission: 'channels.manage',
    status: 201,
    body: channelConnection,
    response: channel,
  }),
  updateChannel: endpoint({
    method: 'PATCH',
    path: '/api/channels/:id',
    summary: 'Rename, pause or resume a channel, or give it new settings and secrets',
    permission: 'channels.manage',
    params: idParams,
    body: z.strictObject({
      name: z.string().min(1).max(120).optional(),
      status: z.enum(['active', 'paused']).optional(),
      /** Merged into the channel's own; a kind refuses what it doesn't know. */
      settings: jsonObject.optional(),
      /** New secrets by the names of the kind's form, `token` for one; the others stay. Write-only. */
      secrets: z.record(z.string().max(40), z.string().trim().min(1).max(5_000)).optional(),
    }),
    response: channel,
  }),
  deleteChannel: endpoint({
    method: 'DELETE',
    path: '/api/channels/:id',
    summary: 'Disconnect a channel',
    permission: 'channels.manage',
    params: idParams,
    response: done,
  }),
  testChannel: endpoint({
    method: 'POST',
    path: '/api/channels/:id/test',
    summary: 'Ask the provider whether the channel works',
    permission: 'channels.manage',
    params: idParams,
    response: channel,
  }),
  resumeAutomation: endpoint({
    method: 'POST',
    path: '/api/channels/:id/resume',
    summary: 'Let automated messages go on after the quality of the account made them stop; the warm-up begins anew',
    permission: 'channels.manage',
    params: idParams,
    response: channel,
  }),
  sendTestMessage: endpoint({
    method: 'POST',
    path: '/api/channels/:id/test-message',
    summary: 'Send one message outside of all conversations, to see it arrive',
    permission: 'channels.manage',
    params: idParams,
    body: z.strictObject({
      to: z.string().trim().min(1, 'Enter where the message should go').max(320),
      text: z.string().trim().min(1, 'Write the message').max(1_000),
      /** Instead of the text, where the provider takes nothing else. */
      template: z.strictObject({ name: z.string().min(1).max(512), language: z.string().min(2).max(16) }).optional(),
    }),
    /** The provider took it; whether it arrives, the recipient sees. */
    response: z.object({ problem: problem.nullable() }),
  }),
  listMessageTemplates: endpoint({
    method: 'GET',
    path: '/api/message-templates',
    summary: 'Texts that providers have approved for the channels, as last fetched',
    permission: 'channels.read',
    response: z.object({ items: z.array(messageTemplate) }),
  }),
  refreshMessageTemplates: endpoint({
    method: 'POST',
    path: '/api/channels/:id/templates',
    summary: 'Fetch a channel’s approved texts again',
    permission: 'channels.manage',
    params: idParams,
    response: z.object({ items: z.array(messageTemplate) }),
  }),
  readChannelWebhook: endpoint({
    method: 'GET',
    path: '/api/channels/:id/webhook',
    summary: 'What to enter at the provider so that it calls this channel',
    permission: 'channels.manage',
    params: idParams,
    response: z.object({
      /** Null while nobody has told Holdfast its public address. */
      url: z.string().nullable(),
      verifyToken: z.string(),
    }),
  }),
};
