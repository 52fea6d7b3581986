import { endpoints, type Handoff } from '@holdfast/contracts';
import { listHandoffViews, loadHandoffView, type HandoffView } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';
import { loadMessage } from '../views/message.ts';
import { pageOf } from './pages.ts';
import { requireFiles } from './require-files.ts';

const statuses = { open: ['open'], claimed: ['claimed'], active: ['open', 'claimed'], ended: ['returned', 'closed'] } as const;

export function handoffRoutes(deps: ServerDeps): Route[] {
  const { pool, runs } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadHandoffView(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.listHandoffs, {
      run: async ({ query, caller }) => {
        const rows = await listHandoffViews(pool, {
          workspaceId: caller.workspaceId,
          before: query.cursor ?? null,
          limit: query.limit + 1,
          statuses: [...statuses[query.status]],
        });
        return pageOf(rows.map(toHandoff), query.limit, (handoff) => handoff.id);
      },
    }),
    route(endpoints.getHandoff, { load, run: async ({ loaded }) => toHandoff(loaded) }),
    route(endpoints.claimHandoff, {
      load,
      run: async ({ loaded, body, caller }) => {
        await runs.claimHandoff({
          workspaceId: caller.workspaceId,
          by: caller,
          handoffId: loaded.id,
          takeOver: body?.takeOver === true,
        });
        return await loadHandoff(deps, caller.workspaceId, loaded.id);
      },
    }),
    route(endpoints.replyHandoff, {
      load,
      run: async ({ loaded, body, caller }) => {
        await requireFiles(pool, caller.workspaceId, body.attachments);
        const { message } = await runs.reply({
          workspaceId: caller.workspaceId,
          by: caller,
          handoffId: loaded.id,
          text: body.text,
          attachments: body.attachments ?? [],
        });
        return await loadMessage(deps, caller.workspaceId, message);
      },
    }),
    route(endpoints.returnHandoff, {
      load,
      run: async ({ loaded, body, caller }) => {
        await runs.returnHandoff({ workspaceId: caller.workspaceId, by: caller, handoffId: loaded.id, ...noteOf(body) });
        return await loadHandoff(deps, caller.workspaceId, loaded.id);
      },
    }),
    route(endpoints.closeHandoff, {
      load,
      run: async ({ loaded, body, caller }) => {
        await runs.closeHandoff({ workspaceId: caller.workspaceId, by: caller, handoffId: loaded.id, ...noteOf(body) });
        return await loadHandoff(deps, caller.workspaceId, loaded.id);
      },
    }),
  ];
}

const noteOf = (body: { note?: string | undefined } | undefined): { note?: string } =>
  body?.note === undefined ? {} : { note: body.note };

export async function loadHandoff({ pool }: ServerDeps, workspaceId: string, id: string): Promise<Handoff> {
  const handoff = await loadHandoffView(pool, { workspaceId, id });
  if (!handoff) throw new HoldfastError('resource.missing', { detail: say`There is no handoff ${id}.` });
  return toHandoff(handoff);
}

const toHandoff = ({ nodeName, ...handoff }: HandoffView): Handoff => ({ ...handoff, continuesAt: nodeName });
