import { endpoints, modelPrice, smtpSettings } from '@holdfast/contracts';
import {
  deleteAlertRoute,
  insertAlertRoute,
  listAlertRoutes,
  listAudit,
  loadAlertRoute,
  loadChannelView,
  loadSettings,
  loadWorkspace,
  newId,
  notifyLive,
  renameWorkspace,
  saveSetting,
  setSendsPaused,
} from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { jsonObject, sendingSettings, type JsonObject, type SendingSettings } from '@holdfast/node-kit';
import { z } from 'zod';
import { sealSmtp, storedSmtp } from '../alerts/smtp-settings.ts';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { pageOf } from './pages.ts';

export function settingsRoutes(deps: ServerDeps): Route[] {
  const { pool, secrets } = deps;
  return [
    route(endpoints.getSettings, { run: ({ caller }) => viewSettings(deps, caller.workspaceId) }),
    route(endpoints.updateSettings, {
      run: async ({ body, caller }) => {
        const { workspaceId } = caller;
        if (body.name !== undefined) await renameWorkspace(pool, { id: workspaceId, name: body.name });
        if (body.prices !== undefined) await saveSetting(pool, { workspaceId, key: 'prices', value: body.prices });
        if (body.sending !== undefined) await saveSetting(pool, { workspaceId, key: 'sending', value: asStored(body.sending) });
        if (body.probeEveryMinutes !== undefined)
          await saveSetting(pool, { workspaceId, key: 'probeEveryMinutes', value: body.probeEveryMinutes });
        if (body.smtp !== undefined)
          await saveSetting(pool, {
            workspaceId,
            key: 'smtp',
            value: sealSmtp(secrets, body.smtp, (await loadSettings(pool, workspaceId))['smtp']),
          });
        await auditOf(pool, caller, { action: 'settings.changed', subject: workspaceId, detail: { fields: Object.keys(body) } });
        notifyLive(pool, workspaceId, { kind: 'settings' });
        return await viewSettings(deps, workspaceId);
      },
    }),
    route(endpoints.pauseSends, {
      run: async ({ body, caller }) => {
        await setSendsPaused(pool, { workspaceId: caller.workspaceId, by: body.paused ? caller.name : null });
        await auditOf(pool, caller, { action: body.paused ? 'sends.paused' : 'sends.allowed', subject: caller.workspaceId });
        notifyLive(pool, caller.workspaceId, { kind: 'settings' });
        return await viewSettings(deps, caller.workspaceId);
      },
    }),
    route(endpoints.listAudit, {
      run: async ({ query, caller }) =>
        pageOf(
          await listAudit(pool, { workspaceId: caller.workspaceId, before: query.cursor ?? null, limit: query.limit + 1 }),
          query.limit,
          (row) => row.id,
        ),
    }),
  ];
}

/** Without the fields that are not there. */
const asStored = (given: SendingSettings): JsonObject => jsonObject.parse(JSON.parse(JSON.stringify(given)));

async function viewSettings({ pool }: ServerDeps, workspaceId: string) {
  const workspace = await loadWorkspace(pool, workspaceId);
  if (!workspace) throw missingResource();
  const settings = await loadSettings(pool, workspaceId);
  const smtp = storedSmtp.safeParse(settings['smtp']);
  return {
    name: workspace.name,
    sendsPausedAt: workspace.sendsPausedAt,
    sendsPausedBy: workspace.sendsPausedBy,
    prices: z
      .array(modelPrice)
      .catch([])
      .parse(settings['prices'] ?? []),
    smtp: smtp.success ? smtpSettings.omit({ password: true }).parse(smtp.data.settings) : null,
    sending: sendingSettings.safeParse(settings['sending'] ?? {}).data ?? {},
    probeEveryMinutes: typeof settings['probeEveryMinutes'] === 'number' ? settings['probeEveryMinutes'] : 15,
  };
}

export function alertRoutes(deps: ServerDeps): Route[] {
  const { pool, alerts } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadAlertRoute(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.listAlertRoutes, { run: async ({ caller }) => ({ items: await listAlertRoutes(pool, caller.workspaceId) }) }),
    route(endpoints.createAlertRoute, {
      run: async ({ body, caller }) => {
        if (body.kind === 'telegram') await requireTelegram(deps, caller.workspaceId, body.target.channel);
        const id = newId('alertRoute');
        await insertAlertRoute(pool, {
          id,
          workspaceId: caller.workspaceId,
          kind: body.kind,
          target: { ...body.target },
          events: body.events,
          isEnabled: body.isEnabled,
        });
        await auditOf(pool, caller, { action: 'alert-route.added', subject: id, detail: { kind: body.kind, target: { ...body.target } } });
        const made = await loadAlertRoute(pool, { workspaceId: caller.workspaceId, id });
        if (!made) throw missingResource();
        return made;
      },
    }),
    route(endpoints.deleteAlertRoute, {
      load,
      run: async ({ loaded, caller }) => {
        await deleteAlertRoute(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'alert-route.removed', subject: loaded.id, detail: { kind: loaded.kind } });
        return ok;
      },
    }),
    route(endpoints.testAlertRoute, {
      load,
      run: ({ loaded, caller }) => alerts.test({ workspaceId: caller.workspaceId, kind: loaded.kind, target: loaded.target }),
    }),
  ];
}

async function requireTelegram({ pool }: ServerDeps, workspaceId: string, channelId: string): Promise<void> {
  const channel = await loadChannelView(pool, { workspaceId, id: channelId });
  if (channel?.kind !== 'telegram')
    throw new HoldfastError('request.invalid', {
      detail: 'This workspace has no such Telegram channel.',
      hint: 'Connect one under Channels.',
      path: 'target.channel',
    });
}
