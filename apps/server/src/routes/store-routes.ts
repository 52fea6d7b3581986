import { endpoints } from '@holdfast/contracts';
import { eraseContact, listStoredMessages, loadContactView, loadRetention, notifyLive, saveRetention, transaction } from '@holdfast/db';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { route, type Route } from '../http/route.ts';
import { toStoredMessage } from '../views/stored-message.ts';
import { auditOf } from './audit-of.ts';
import { exportRoute } from './export-route.ts';
import { toMessageFilter } from './message-filter.ts';
import { pageOf, parseTimeCursor } from './pages.ts';

export function storeRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  const loadChannel = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadRetention(pool, { workspaceId: caller.workspaceId, channelId: params.id });
  return [
    route(endpoints.searchMessages, {
      run: async ({ query: { cursor, limit, ...asked }, caller }) => {
        const page = { order: 'newest' as const, after: parseTimeCursor(cursor), limit: limit + 1 };
        const found = pageOf(
          await listStoredMessages(pool, toMessageFilter(caller.workspaceId, asked), page),
          limit,
          (message) => `${message.exactAt}~${message.id}`,
        );
        return { items: found.items.map(toStoredMessage), next: found.next };
      },
    }),
    exportRoute(deps),
    route(endpoints.eraseContact, {
      load: ({ caller, params }) => loadContactView(pool, { workspaceId: caller.workspaceId, id: params.id }),
      run: async ({ loaded, caller }) => {
        const erased = await transaction(pool, async (client) => {
          const gone = await eraseContact(client, { workspaceId: caller.workspaceId, contactId: loaded.id });
          // Their name is erased too: the audit says that, by whom and how much, not who.
          if (gone) await auditOf(client, caller, { action: 'contact.erased', subject: loaded.id, detail: { ...gone } });
          return gone;
        });
        if (!erased) throw missingResource();
        notifyLive(pool, caller.workspaceId, { kind: 'settings' });
        return erased;
      },
    }),
    route(endpoints.getRetention, { load: loadChannel, run: async ({ loaded }) => loaded }),
    route(endpoints.keepMessages, {
      load: loadChannel,
      run: async ({ params, body, caller }) => {
        await saveRetention(pool, { workspaceId: caller.workspaceId, channelId: params.id, keepDays: body.keepDays });
        await auditOf(pool, caller, { action: 'channel.retention', subject: params.id, detail: { keepDays: body.keepDays } });
        return { keepDays: body.keepDays };
      },
    }),
  ];
}
