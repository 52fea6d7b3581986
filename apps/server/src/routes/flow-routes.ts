import { endpoints, type FlowDetail, type FlowSummary } from '@holdfast/contracts';
import {
  archiveFlow,
  deleteTriggers,
  listFlowViews,
  listVersionViews,
  loadContactView,
  loadFlowSamples,
  loadFlowView,
  loadKeptSample,
  loadVersionFile,
  nextVersionNumber,
  notifyLive,
  setFlowPaused,
  transaction,
  type FlowView,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { checkDraft, createFlow, emptyFlow, publishFlow, readFlowFile, saveDraft } from '@holdfast/flows';
import { diffFlows, versionId, type FlowFile } from '@holdfast/graph';
import { freshFile, templates } from '@holdfast/templates';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

export function flowRoutes(deps: ServerDeps): Route[] {
  const { pool, catalog } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadFlowView(pool, { workspaceId: caller.workspaceId, id: params.id });
  const reload = async (caller: Caller, id: string) =>
    (await loadFlowView(pool, { workspaceId: caller.workspaceId, id })) ?? refuseMissing();
  const announce = (flow: FlowView) => notifyLive(pool, flow.workspaceId, { kind: 'flow', flow: flow.id, revision: flow.revision });
  return [
    route(endpoints.listFlows, { run: async ({ caller }) => ({ items: (await listFlowViews(pool, caller.workspaceId)).map(toSummary) }) }),
    route(endpoints.createFlow, {
      run: async ({ body, caller }) => {
        const file = readFlowFile(chooseFile(body), catalog);
        const named = body.name === undefined ? file : { ...file, name: body.name };
        const { id } = await createFlow(pool, { workspaceId: caller.workspaceId, file: named, by: caller.name });
        await auditOf(pool, caller, { action: 'flow.created', subject: id, detail: { name: named.name } });
        const made = await reload(caller, id);
        announce(made);
        return toDetail(made);
      },
    }),
    route(endpoints.getFlow, { load, run: async ({ loaded }) => toDetail(loaded) }),
    route(endpoints.deleteFlow, {
      load,
      run: async ({ loaded, caller }) => {
        await transaction(pool, async (client) => {
          await archiveFlow(client, { workspaceId: caller.workspaceId, id: loaded.id });
          // Its webhook address is free for others from here on.
          await deleteTriggers(client, { workspaceId: caller.workspaceId, flowId: loaded.id });
          await auditOf(client, caller, { action: 'flow.archived', subject: loaded.id, detail: { name: loaded.name } });
        });
        announce(loaded);
        return ok;
      },
    }),
    route(endpoints.getDraft, { load, run: async ({ loaded }) => ({ file: loaded.draft, revision: loaded.revision }) }),
    route(endpoints.saveDraft, {
      load,
      run: async ({ loaded, body, caller }) => {
        const file = readFlowFile(body.file, catalog);
        const saved = await saveDraft(pool, {
          workspaceId: caller.workspaceId,
          flowId: loaded.id,
          revision: body.revision,
          file,
          by: caller.name,
        });
        announce({ ...loaded, revision: saved.revision });
        return { ...saved, findings: await checkDraft(pool, { workspaceId: caller.workspaceId, file, catalog }) };
      },
    }),
    route(endpoints.validateFlow, {
      load,
      run: async ({ loaded, caller }) => ({
        findings: await checkDraft(pool, { workspaceId: caller.workspaceId, file: loaded.draft, catalog }),
      }),
    }),
    ...publishRoutes(deps, load, reload, announce),
    ...runRoutesOfFlow(deps, load),
  ];
}

type Load = (call: { caller: Caller; params: { id: string } }) => Promise<FlowView | null>;

function publishRoutes(
  { pool, catalog }: ServerDeps,
  load: Load,
  reload: (caller: Caller, id: string) => Promise<FlowView>,
  announce: (flow: FlowView) => void,
): Route[] {
  return [
    route(endpoints.publishPreview, {
      load,
      run: async ({ loaded, caller }) => ({
        findings: await checkDraft(pool, { workspaceId: caller.workspaceId, file: loaded.draft, catalog }),
        changes: diffFlows(loaded.published ?? emptyFlow(loaded.name), loaded.draft, catalog),
        openRuns: loaded.runsOpen,
        nextNumber: await nextVersionNumber(pool, { workspaceId: caller.workspaceId, flowId: loaded.id }),
      }),
    }),
    route(endpoints.publishFlow, {
      load,
      run: async ({ loaded, body, caller }) => {
        const published = await transaction(pool, async (client) => {
          const made = await publishFlow(client, {
            workspaceId: caller.workspaceId,
            flowId: loaded.id,
            note: body.note,
            revision: body.revision,
            by: caller.name,
            catalog,
          });
          await auditOf(client, caller, {
            action: 'flow.published',
            subject: loaded.id,
            detail: { name: loaded.name, number: made.number, note: body.note },
          });
          return made;
        });
        announce(loaded);
        return published;
      },
    }),
    route(endpoints.pauseFlow, {
      load,
      run: async ({ loaded, body, caller }) => {
        await setFlowPaused(pool, { workspaceId: caller.workspaceId, id: loaded.id, isPaused: body.paused });
        await auditOf(pool, caller, {
          action: body.paused ? 'flow.paused' : 'flow.resumed',
          subject: loaded.id,
          detail: { name: loaded.name },
        });
        announce(loaded);
        return toSummary(await reload(caller, loaded.id));
      },
    }),
    route(endpoints.listVersions, {
      load,
      run: async ({ loaded, caller }) => ({ items: await listVersionViews(pool, { workspaceId: caller.workspaceId, flowId: loaded.id }) }),
    }),
    route(endpoints.getVersion, {
      load: ({ caller, params }) => loadVersionFile(pool, { workspaceId: caller.workspaceId, flowId: params.id, id: params.version }),
      run: async ({ loaded }) => loaded,
    }),
  ];
}

function runRoutesOfFlow({ pool, runs }: ServerDeps, load: Load): Route[] {
  return [
    route(endpoints.startRun, {
      load,
      run: async ({ loaded, body, caller }) => {
        if (loaded.publishedVersionId === null)
          throw new HoldfastError('flow.not-live', {
            detail: say`"${loaded.name}" was never published, so there is no version to run.`,
            hint: 'Publish it first.',
          });
        const started = await runs.startManual({ workspaceId: caller.workspaceId, by: caller, flowId: loaded.id, input: body.input });
        await auditOf(pool, caller, { action: 'run.started', subject: started.run, detail: { flow: loaded.id } });
        return started;
      },
    }),
    route(endpoints.tryStep, {
      load,
      run: ({ body, caller }) => runs.tryStep({ workspaceId: caller.workspaceId, file: body.file, node: body.node, scope: body.scope }),
    }),
    route(endpoints.sampleData, {
      load,
      run: async ({ loaded, caller }) => {
        const samples = await loadFlowSamples(pool, { workspaceId: caller.workspaceId, flowId: loaded.id });
        const contact =
          samples.contactId === null ? null : await loadContactView(pool, { workspaceId: caller.workspaceId, id: samples.contactId });
        return {
          run: samples.run,
          trigger: (await loadKeptSample(pool, { workspaceId: caller.workspaceId, flowId: loaded.id })) ?? samples.trigger ?? {},
          nodes: samples.nodes,
          contact: contact === null ? null : { ...contact },
        };
      },
    }),
  ];
}

function chooseFile(body: { name?: string | undefined; file?: FlowFile | undefined; template?: string | undefined }): FlowFile {
  if (body.file) return body.file;
  if (body.template === undefined) return emptyFlow(body.name ?? 'New flow');
  const template = templates.find((each) => each.id === body.template);
  if (!template) throw new HoldfastError('request.invalid', { detail: say`There is no template "${body.template}".`, path: 'template' });
  return freshFile(template.file);
}

function refuseMissing(): never {
  throw missingResource();
}

export function toSummary(flow: FlowView): FlowSummary {
  return {
    id: flow.id,
    name: flow.name,
    description: flow.draft.description,
    status: flow.publishedVersionId === null ? 'draft' : flow.pausedAt === null ? 'live' : 'paused',
    publishedVersion: flow.publishedVersion,
    hasUnpublishedChanges: flow.publishedVersionId === null || versionId(flow.draft) !== flow.publishedVersionId,
    nodeTypes: [...new Set(flow.draft.nodes.map((node) => node.type))],
    runs: { today: flow.runsToday, open: flow.runsOpen, attention: flow.runsAttention },
    silence: flow.silence,
    updatedAt: flow.updatedAt,
    updatedBy: flow.updatedBy,
  };
}

const toDetail = (flow: FlowView): FlowDetail => ({
  ...toSummary(flow),
  draft: flow.draft,
  revision: flow.revision,
  published: flow.published,
  publishedVersionId: flow.publishedVersionId,
});
