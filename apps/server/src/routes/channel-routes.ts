import { endpoints, problem, type Channel, type ChannelConnection } from '@holdfast/contracts';
import {
  deleteChannel,
  listChannelSending,
  listChannelViews,
  listMessageTemplates,
  loadChannelView,
  notifyLive,
  resumeAutomation,
  type ChannelSending,
  type ChannelView,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { jsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { hookContextOf } from '../hooks/hook-address.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { wayFacts } from './credential-way.ts';
import { sendTestMessage } from './send-test-message.ts';
import { changeChannel, checkChannel, connectChannel, refreshTemplates } from './connect-channel.ts';

export const channelRoutes = (deps: ServerDeps): Route[] => [
  listRoute(deps),
  createRoute(deps),
  updateRoute(deps),
  deleteRoute(deps),
  testRoute(deps),
  resumeRoute(deps),
  sendTestRoute(deps),
  templatesRoute(deps),
  refreshTemplatesRoute(deps),
  webhookRoute(deps),
];

/** The channel that a path names. */
const loader =
  ({ pool }: ServerDeps) =>
  ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadChannelView(pool, { workspaceId: caller.workspaceId, id: params.id });

async function reload({ pool }: ServerDeps, { workspaceId }: Caller, id: string): Promise<Channel> {
  const view = await loadChannelView(pool, { workspaceId, id });
  if (!view) throw missingResource();
  notifyLive(pool, workspaceId, { kind: 'channel', channel: id });
  return toChannel(view, await listChannelSending(pool, { workspaceId, channelId: id }));
}

function listRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.listChannels, {
    run: async ({ caller: { workspaceId } }) => {
      const sending = await listChannelSending(pool, { workspaceId, channelId: null });
      return { items: (await listChannelViews(pool, workspaceId)).map((view) => toChannel(view, sending)) };
    },
  });
}

function createRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.createChannel, {
    run: async ({ body, caller }) => {
      const id = await connectChannel(deps, caller.workspaceId, body);
      await fetchFirstTemplates(deps, caller, id);
      await auditOf(pool, caller, { action: 'channel.connected', subject: id, detail: { kind: body.kind, ...viaOf(body) } });
      return await reload(deps, caller, id);
    },
  });
}

function updateRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.updateChannel, {
    load: loader(deps),
    run: async ({ loaded, body, caller }) => {
      await changeChannel(deps, loaded, body);
      await auditOf(pool, caller, {
        action: 'channel.changed',
        subject: loaded.id,
        detail: {
          name: body.name ?? loaded.name,
          status: body.status ?? loaded.status,
          newSecrets: Object.keys(body.secrets ?? {}),
          settings: Object.keys(body.settings ?? {}),
          // As it was checked: where it leads, and no password.
          ...(body.settings?.['via'] === undefined ? {} : { via: body.settings['via'] }),
        },
      });
      return await reload(deps, caller, loaded.id);
    },
  });
}

function deleteRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.deleteChannel, {
    load: loader(deps),
    run: async ({ loaded, caller }) => {
      if (loaded.kind === 'simulator')
        throw new HoldfastError('request.invalid', {
          detail: 'The simulator is part of every workspace and can’t be removed.',
          hint: 'Pause it instead.',
        });
      await deleteChannel(pool, { workspaceId: caller.workspaceId, id: loaded.id });
      await auditOf(pool, caller, { action: 'channel.removed', subject: loaded.id, detail: { name: loaded.name, kind: loaded.kind } });
      notifyLive(pool, caller.workspaceId, { kind: 'channel', channel: loaded.id });
      return ok;
    },
  });
}

function testRoute(deps: ServerDeps): Route {
  return route(endpoints.testChannel, {
    load: loader(deps),
    run: async ({ loaded, caller }) => {
      await checkChannel(deps, loaded);
      return await reload(deps, caller, loaded.id);
    },
  });
}

function resumeRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.resumeAutomation, {
    load: loader(deps),
    run: async ({ loaded, caller }) => {
      if (await resumeAutomation(pool, { workspaceId: caller.workspaceId, channelId: loaded.id }))
        await auditOf(pool, caller, { action: 'channel.automation-resumed', subject: loaded.id });
      return await reload(deps, caller, loaded.id);
    },
  });
}

function sendTestRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.sendTestMessage, {
    load: loader(deps),
    run: async ({ loaded, body, caller }) => {
      const problem = await sendTestMessage(deps, loaded, body);
      await auditOf(pool, caller, {
        action: 'channel.test-sent',
        subject: loaded.id,
        detail: { to: body.to, problem: problem?.code ?? null },
      });
      return { problem };
    },
  });
}

function templatesRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.listMessageTemplates, {
    run: async ({ caller }) => ({ items: await listMessageTemplates(pool, { workspaceId: caller.workspaceId, channelId: null }) }),
  });
}

function refreshTemplatesRoute(deps: ServerDeps): Route {
  const { pool } = deps;
  return route(endpoints.refreshMessageTemplates, {
    load: loader(deps),
    run: async ({ loaded, caller }) => {
      await refreshTemplates(deps, loaded);
      notifyLive(pool, caller.workspaceId, { kind: 'channel', channel: loaded.id });
      return { items: await listMessageTemplates(pool, { workspaceId: caller.workspaceId, channelId: loaded.id }) };
    },
  });
}

function webhookRoute(deps: ServerDeps): Route {
  return route(endpoints.readChannelWebhook, {
    load: loader(deps),
    run: async ({ loaded }) => {
      const { webhookUrl, hookSecret } = hookContextOf(deps, loaded.id, loaded.config);
      return { url: webhookUrl, verifyToken: hookSecret };
    },
  });
}

/** A way into another network is told as a connection's is. */
const viaOf = (body: ChannelConnection) => (body.kind === 'email' && body.via ? { via: wayFacts(body.via) } : {});

const sendingOf = (found: ChannelSending | undefined): Channel['health']['sending'] => ({
  quality: found?.quality ?? null,
  peoplePerDay: found?.peoplePerDay ?? null,
  automationPaused: found?.automationPaused ?? null,
  openWindows: found?.openWindows ?? 0,
  recent: found?.recent ?? { taken: 0, failed: 0 },
  costs: found?.costs ?? [],
});

/** The channel is connected all the same; Check fetches them again. */
async function fetchFirstTemplates(deps: ServerDeps, { workspaceId }: Caller, id: string): Promise<void> {
  const view = await loadChannelView(deps.pool, { workspaceId, id });
  if (view)
    await refreshTemplates(deps, view).catch((error: unknown) =>
      deps.logger.warn({ channel: id, err: error }, 'The templates of a new channel could not be fetched.'),
    );
}

const health = z
  .object({
    checkedAt: z.string().nullable().catch(null).default(null),
    problem: problem.nullable().catch(null).default(null),
    facts: jsonObject.catch({}).default({}),
  })
  .catch({ checkedAt: null, problem: null, facts: {} });

function toChannel(view: ChannelView, sending: Map<string, ChannelSending>): Channel {
  const { checkedAt, problem: found, facts } = health.parse(view.health);
  return {
    id: view.id,
    kind: view.kind,
    name: view.name,
    status: view.status,
    config: view.config,
    createdAt: view.createdAt,
    health: {
      checkedAt,
      problem: found,
      lastInAt: view.lastInAt,
      lastOutAt: view.lastOutAt,
      queued: view.queued,
      facts,
      sending: sendingOf(sending.get(view.id)),
    },
  };
}
