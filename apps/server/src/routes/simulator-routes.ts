import { randomUUID } from 'node:crypto';
import { endpoints, simulatorFault } from '@holdfast/contracts';
import {
  clearSimulatorFaults,
  findSimulator,
  listSimulatorFaults,
  loadConversationView,
  loadFlowView,
  setSimulatorFault,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import type { InboundEvent } from '@holdfast/channels';
import { callsService, type Attachment, type MessageButton } from '@holdfast/node-kit';
import { z } from 'zod';
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
        await clearSimulatorFaults(pool, { workspaceId: caller.workspaceId, conversationId: conversation.id });
        await auditOf(pool, caller, { action: 'simulator.reset', subject: conversation.id });
        return ok;
      },
    }),
    ...faultRoutes(deps),
  ];
}

/** By flow, customer and step; a run reads them only where its conversation is one of the simulator's. */
function faultRoutes({ pool, catalog }: ServerDeps): Route[] {
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadFlowView(pool, { workspaceId: caller.workspaceId, id: params.id });
  const list = async (workspaceId: string, flowId: string, contact: string) => ({
    faults: z.record(z.string(), simulatorFault).parse(await listSimulatorFaults(pool, { workspaceId, flowId, contact })),
  });
  return [
    route(endpoints.getFaults, { load, run: ({ loaded, query, caller }) => list(caller.workspaceId, loaded.id, query.contact) }),
    route(endpoints.setFault, {
      load,
      run: async ({ loaded, body, caller }) => {
        const { contact, node, fault } = body;
        const type = [...(loaded.published?.nodes ?? []), ...loaded.draft.nodes].find(({ id }) => id === node)?.type;
        const definition = type === undefined ? undefined : catalog[type];
        if (fault !== null && !(definition && callsService(definition)))
          throw new HoldfastError('request.invalid', {
            detail: 'This step calls no service, so nothing can go wrong with its call.',
            path: 'node',
          });
        await setSimulatorFault(pool, { workspaceId: caller.workspaceId, flowId: loaded.id, contact, node, fault });
        return list(caller.workspaceId, loaded.id, contact);
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
