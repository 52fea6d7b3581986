import { attachment, jsonObject, messageButton, messageQuote } from '@holdfast/node-kit';
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { at, done, id, idParams, page, pageQuery, problem } from './shared.ts';

export const message = z.object({
  id,
  conversation: id,
  direction: z.enum(['in', 'out']),
  author: z.enum(['customer', 'bot', 'human']),
  authorName: z.string().nullable(),
  /** In words. */
  text: z.string(),
  /** The same with its formatting (packages/messages); null when it has none. */
  formatted: z.string().nullable(),
  /** The message that it answers. */
  quote: messageQuote.nullable(),
  buttons: z.array(messageButton),
  attachments: z.array(attachment),
  status: z.string(),
  problem: problem.nullable(),
  run: z.string().nullable(),
  node: z.string().nullable(),
  model: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  costMicroUsd: z.number().nullable(),
  /** What the channel asks for it, in millionths of the currency; `micro` is null where only the category is known, an estimate where our list may be out of date. */
  price: z
    .object({ micro: z.number().nullable(), currency: z.string().nullable(), category: z.string().nullable(), isEstimate: z.boolean() })
    .nullable(),
  at,
  editedAt: at.nullable(),
  metadata: jsonObject,
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({
  id,
  channel: z.object({ id, kind: z.string(), name: z.string() }),
  contact: z.object({ id, name: z.string(), language: z.string(), attributes: jsonObject }),
  heldBy: z.enum(['bot', 'person']),
  holder: z.string().nullable(),
  lastMessage: z.string(),
  lastMessageAt: at,
  activeRun: z.string().nullable(),
  isGroup: z.boolean(),
  /** WhatsApp: until when free text may be sent; null: never opened, or a channel without such a window. */
  windowUntil: at.nullable(),
});
export type Conversation = z.infer<typeof conversation>;

export const handoff = z.object({
  id,
  status: z.enum(['open', 'claimed', 'returned', 'closed']),
  reason: z.string(),
  details: jsonObject,
  conversation,
  run: z.object({ id, flow: z.string(), flowId: z.string(), node: z.string().nullable() }).nullable(),
  /** Where the bot goes on when the conversation is given back. */
  continuesAt: z.string().nullable(),
  /** The run's way so far, in step names. */
  path: z.array(z.string()),
  openedAt: at,
  claimedBy: z.string().nullable(),
  claimedAt: at.nullable(),
  endedAt: at.nullable(),
});
export type Handoff = z.infer<typeof handoff>;

/** The name, and so the address, of a customer of the simulator. */
const simulated = z.string().min(1).max(120);
/** No answer in time · 429 · 500 · known to be down, so it is not even asked · an answer that is not what was asked for · no answer until the step's time is over. */
export const simulatorFault = z.enum(['timeout', 'limited', 'broken', 'down', 'garbage', 'hang']);
export type SimulatorFault = z.infer<typeof simulatorFault>;

export const talk = {
  simulate: endpoint({
    method: 'POST',
    path: '/api/simulator/messages',
    summary: 'Write to the simulator channel as a contact',
    permission: 'simulator.use',
    status: 202,
    body: z.strictObject({
      contact: z.string().min(1).max(120),
      text: z.string().max(20_000).optional(),
      attachments: z.array(attachment).max(10).optional(),
      button: messageButton.optional(),
      flow: id.optional(),
    }),
    response: z.object({ conversation: id, message: id }),
  }),
  skipWait: endpoint({
    method: 'POST',
    path: '/api/simulator/skip-wait',
    summary: 'Let the timers of a simulator conversation’s run ring now',
    permission: 'simulator.use',
    body: z.strictObject({ conversation: id }),
    response: z.object({ skipped: z.number().int() }),
  }),
  getFaults: endpoint({
    method: 'GET',
    path: '/api/flows/:id/faults',
    summary: 'What the calls of each step are to meet when this customer of the simulator writes',
    permission: 'simulator.use',
    params: idParams,
    query: z.strictObject({ contact: simulated }),
    response: z.object({ faults: z.record(z.string(), simulatorFault) }),
  }),
  setFault: endpoint({
    method: 'PUT',
    path: '/api/flows/:id/faults',
    summary: 'Let a step’s calls fail in the simulator, or go out again; real channels are never meant',
    permission: 'simulator.use',
    params: idParams,
    body: z.strictObject({ contact: simulated, node: z.string().min(1).max(80), fault: simulatorFault.nullable() }),
    response: z.object({ faults: z.record(z.string(), simulatorFault) }),
  }),
  resetSimulator: endpoint({
    method: 'POST',
    path: '/api/simulator/reset',
    summary: 'End the simulator conversation’s run and forget its messages',
    permission: 'simulator.use',
    body: z.strictObject({ conversation: id }),
    response: done,
  }),
  listConversations: endpoint({
    method: 'GET',
    path: '/api/conversations',
    summary: 'Conversations, last written first',
    permission: 'conversations.read',
    query: z.strictObject({ ...pageQuery, channel: id.optional(), contact: id.optional(), search: z.string().max(200).optional() }),
    response: page(conversation),
  }),
  getConversation: endpoint({
    method: 'GET',
    path: '/api/conversations/:id',
    summary: 'One conversation',
    permission: 'conversations.read',
    params: idParams,
    response: conversation,
  }),
  listMessages: endpoint({
    method: 'GET',
    path: '/api/conversations/:id/messages',
    summary: 'Messages, newest first',
    permission: 'conversations.read',
    params: idParams,
    query: z.strictObject(pageQuery),
    response: page(message),
  }),
  takeConversation: endpoint({
    method: 'POST',
    path: '/api/conversations/:id/take',
    summary: 'Take a conversation over without waiting for the bot to hand it',
    permission: 'inbox.reply',
    params: idParams,
    response: handoff,
  }),
  listHandoffs: endpoint({
    method: 'GET',
    path: '/api/handoffs',
    summary: 'Conversations that wait for or are held by a person',
    permission: 'inbox.read',
    query: z.strictObject({ ...pageQuery, status: z.enum(['open', 'claimed', 'active', 'ended']).default('active') }),
    response: page(handoff),
  }),
  getHandoff: endpoint({
    method: 'GET',
    path: '/api/handoffs/:id',
    summary: 'One handoff',
    permission: 'inbox.read',
    params: idParams,
    response: handoff,
  }),
  claimHandoff: endpoint({
    method: 'POST',
    path: '/api/handoffs/:id/claim',
    summary: 'Take it; with takeOver also from a colleague who holds it',
    permission: 'inbox.reply',
    params: idParams,
    body: z.strictObject({ takeOver: z.boolean().optional() }).optional(),
    response: handoff,
  }),
  replyHandoff: endpoint({
    method: 'POST',
    path: '/api/handoffs/:id/reply',
    summary: 'Answer as a person; goes out with Temporal and every model down',
    permission: 'inbox.reply',
    params: idParams,
    status: 202,
    body: z.strictObject({ text: z.string().min(1).max(20_000), attachments: z.array(attachment).max(10).optional() }),
    response: message,
  }),
  returnHandoff: endpoint({
    method: 'POST',
    path: '/api/handoffs/:id/return',
    summary: 'Give the conversation back to the bot at the same step',
    permission: 'inbox.reply',
    params: idParams,
    body: z.strictObject({ note: z.string().max(500).optional() }).optional(),
    response: handoff,
  }),
  closeHandoff: endpoint({
    method: 'POST',
    path: '/api/handoffs/:id/close',
    summary: 'End the handoff and its run',
    permission: 'inbox.reply',
    params: idParams,
    body: z.strictObject({ note: z.string().max(500).optional() }).optional(),
    response: handoff,
  }),
  uploadFile: endpoint({
    method: 'POST',
    path: '/api/files',
    summary: 'Store a file (the body’s bytes, at most 20 MB; name in the query)',
    permission: 'simulator.use',
    status: 201,
    query: z.strictObject({ name: z.string().min(1).max(255) }),
    takesBytes: true,
    response: attachment,
  }),
  getFile: endpoint({
    method: 'GET',
    path: '/api/files/:id',
    summary: 'A stored file, always as a download',
    permission: 'conversations.read',
    params: idParams,
    response: z.unknown(),
    media: 'application/octet-stream',
  }),
};
