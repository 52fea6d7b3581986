import { randomUUID } from 'node:crypto';
import { endpoints } from '@holdfast/contracts';
import { findSimulator, loadConversationView, loadFlowView } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { InboundEvent } from '@holdfast/channels';
import type { Attachment, MessageButton } from '@holdfast/node-kit';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { requireFiles } from './require-files.ts';

export function simulatorRoutes(deps: ServerDeps): Route[] {
  const { pool, runs, now } = deps;
  const loadSimulated = async (caller: Caller, id: string) => {
    const conversation = await loadConversationView(pool, { workspaceId: caller.workspaceId, id });
    if (!conversation) throw missingResource();
    if (conversation.channel.kind !== 'simulator')
      throw new HoldfastError('request.invalid', {
        detail: 'This is a real conversation; the simulator can’t change it.',
        path: 'conversation',
      });
    return conversation;
  };
  return [
    route(endpoints.simulate, {
      run: async ({ body, caller }) => {
        await requireFiles(pool, caller.workspaceId, body.attachments);
        const simulator = await findSimulator(pool, caller.workspaceId);
        if (!simulator) throw new HoldfastError('resource.missing', { detail: 'This workspace has no simulator channel.' });
        if (body.flow !== undefined && !(await loadFlowView(pool, { workspaceId: caller.workspaceId, id: body.flow })))
          throw missingResource();
        return await runs.ingest(simulator, [toEvent(body, now())], body.flow === undefined ? {} : { flowId: body.flow });
      },
    }),
    route(endpoints.skipWait, {
      run: async ({ body, caller }) => {
        const conversation = await loadSimulated(caller, body.conversation);
        return { skipped: await runs.skipWaits({ workspaceId: caller.workspaceId, by: caller, conversationId: conversation.id }) };
      },
    }),
    route(endpoints.resetSimulator, {
      run: async ({ body, caller }) => {
        const conversation = await loadSimulated(caller, body.conversation);
        await runs.resetConversation({ workspaceId: caller.workspaceId, by: caller, conversationId: conversation.id });
        await auditOf(pool, caller, { action: 'simulator.reset', subject: conversation.id });
        return ok;
      },
    }),
  ];
}

interface Simulated {
  contact: string;
  text?: string | undefined;
  attachments?: Attachment[] | undefined;
  button?: MessageButton | undefined;
}

/** Each call is a message of its own: the simulator has no provider that could deliver it twice. */
function toEvent({ contact, text, attachments, button }: Simulated, now: Date): InboundEvent {
  const id = randomUUID();
  if ((text ?? '') === '' && !button && (attachments ?? []).length === 0)
    throw new HoldfastError('request.invalid', { detail: 'Write something, tap a button or attach a file.', path: 'text' });
  return {
    eventId: id,
    kind: button ? 'button' : 'message',
    address: contact,
    isGroup: false,
    contact: { address: contact, name: contact, language: '' },
    text: button?.label ?? text ?? '',
    attachments: attachments ?? [],
    ...(button ? { button } : {}),
    providerMessageId: id,
    sentAt: now.toISOString(),
    raw: {},
  };
}
