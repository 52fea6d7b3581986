import { endpoints } from '@holdfast/contracts';
import { listConversationViews, listMessageViews, loadConversationView } from '@holdfast/db';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { route, type Route } from '../http/route.ts';
import { toMessage } from '../views/message.ts';
import { loadHandoff } from './handoff-routes.ts';
import { pageOf, parseTimeCursor } from './pages.ts';

export function talkRoutes(deps: ServerDeps): Route[] {
  const { pool, runs } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadConversationView(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.listConversations, {
      run: async ({ query, caller }) => {
        const rows = await listConversationViews(pool, {
          workspaceId: caller.workspaceId,
          before: parseTimeCursor(query.cursor),
          limit: query.limit + 1,
          channelId: query.channel ?? null,
          contactId: query.contact ?? null,
          search: query.search ?? null,
        });
        return pageOf(rows, query.limit, (conversation) => `${conversation.lastMessageAt}~${conversation.id}`);
      },
    }),
    route(endpoints.getConversation, { load, run: async ({ loaded }) => loaded }),
    route(endpoints.listMessages, {
      load,
      run: async ({ loaded, query, caller }) => {
        const rows = await listMessageViews(pool, {
          workspaceId: caller.workspaceId,
          conversationId: loaded.id,
          before: query.cursor ?? null,
          limit: query.limit + 1,
        });
        return pageOf(rows.map(toMessage), query.limit, (message) => message.id);
      },
    }),
    route(endpoints.takeConversation, {
      load,
      run: async ({ loaded, caller }) => {
        const { handoff } = await runs.takeConversation({ workspaceId: caller.workspaceId, by: caller, conversationId: loaded.id });
        return await loadHandoff(deps, caller.workspaceId, handoff);
      },
    }),
  ];
}
