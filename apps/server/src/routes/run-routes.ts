import { endpoints, type KeptSummary, type RunDetail, type RunSummary } from '@holdfast/contracts';
import {
  countCauses,
  countRunsByStatus,
  keptCallsOfRun,
  listJournal,
  listPendingOverrideViews,
  listRunFiles,
  listRunViews,
  listSendsOfRun,
  listVariables,
  loadContactView,
  loadRunView,
  loadSend,
  type JournalRow,
  type KeptOfRun,
  type RunDetailView,
  type RunView,
  type SendView,
} from '@holdfast/db';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { route, type Route } from '../http/route.ts';
import { buildRunSteps } from '../views/run-steps.ts';
import { buildStepInputs } from '../views/step-inputs.ts';
import { auditOf } from './audit-of.ts';
import { pageOf } from './pages.ts';

export function runRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadRunView(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.listRuns, {
      run: async ({ query, caller }) => {
        const rows = await listRunViews(pool, {
          workspaceId: caller.workspaceId,
          before: query.cursor ?? null,
          limit: query.limit + 1,
          status: query.status ?? null,
          flowId: query.flow ?? null,
          conversationId: query.conversation ?? null,
          from: query.from ?? null,
          to: query.to ?? null,
          search: query.search ?? null,
          cause: query.cause ?? null,
        });
        return pageOf(rows.map(toSummary), query.limit, (run) => run.id);
      },
    }),
    route(endpoints.runCounts, {
      run: async ({ caller }) => {
        return {
          byStatus: await countRunsByStatus(pool, caller.workspaceId),
          causes: await countCauses(pool, { workspaceId: caller.workspaceId }),
        };
      },
    }),
    route(endpoints.getRun, { load, run: ({ loaded, caller }) => loadDetail(deps, caller.workspaceId, loaded) }),
    route(endpoints.getSteps, {
      load,
      run: async ({ loaded, caller }) => ({
        items: await loadSteps(
          deps,
          caller.workspaceId,
          loaded,
          await listJournal(pool, { workspaceId: caller.workspaceId, runId: loaded.id }),
        ),
      }),
    }),
    ...overrideRoutes(deps, load),
  ];
}

function overrideRoutes(
  deps: ServerDeps,
  load: (call: { caller: Caller; params: { id: string } }) => Promise<RunDetailView | null>,
): Route[] {
  const { pool, runs } = deps;
  return [
    route(endpoints.overrideRun, {
      load,
      run: async ({ loaded, body, caller, response }) => {
        const answer = await runs.override({ workspaceId: caller.workspaceId, by: caller, runId: loaded.id, body });
        response.status(answer.state === 'accepted' ? 202 : answer.state === 'refused' ? 409 : 200);
        const after = await loadRunView(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        return { ...answer, run: after?.status ?? loaded.status };
      },
    }),
    route(endpoints.settleSend, {
      load: ({ caller, params }) => loadSend(pool, { workspaceId: caller.workspaceId, messageId: params.id }),
      run: async ({ loaded, body, caller }) => {
        await runs.settleSend({ workspaceId: caller.workspaceId, by: caller, messageId: loaded.message, settle: body.settle });
        await auditOf(pool, caller, { action: 'send.settled', subject: loaded.message, detail: { settle: body.settle } });
        const after = await loadSend(pool, { workspaceId: caller.workspaceId, messageId: loaded.message });
        if (!after) throw missingResource();
        return toSend(after);
      },
    }),
  ];
}

async function loadSteps(
  { pool, catalog }: ServerDeps,
  workspaceId: string,
  run: RunDetailView,
  journal: readonly JournalRow[],
): Promise<RunDetail['steps']> {
  const entries = journal.map((row) => row.entry);
  const contact = run.contactId === null ? null : await loadContactView(pool, { workspaceId, id: run.contactId });
  const variables = Object.fromEntries((await listVariables(pool, workspaceId)).map(({ name, value }) => [name, value]));
  const inputs = buildStepInputs({ file: run.file, id: run.versionId }, entries, catalog, {
    run: { id: run.id, flow: run.flowName },
    contact,
    variables,
  });
  return buildRunSteps(run.file, entries, catalog, inputs);
}

async function loadDetail(deps: ServerDeps, workspaceId: string, run: RunDetailView): Promise<RunDetail> {
  const { pool } = deps;
  const journal = await listJournal(pool, { workspaceId, runId: run.id });
  const names = new Map(run.file.nodes.map((node) => [node.id, node.name]));
  return {
    ...toSummary(run),
    file: run.file,
    trigger: run.input,
    result: run.result,
    steps: await loadSteps(deps, workspaceId, run, journal),
    timeline: journal.map(({ seq, at, entry }) => ({
      seq,
      at,
      entry,
      nodeName: 'node' in entry && entry.node !== undefined ? (names.get(entry.node) ?? null) : null,
    })),
    sends: (await listSendsOfRun(pool, { workspaceId, runId: run.id })).map(toSend),
    keptCalls: (await keptCallsOfRun(pool, { workspaceId, runId: run.id })).map(toKept),
    files: await listRunFiles(pool, { workspaceId, runId: run.id }),
    epoch: run.epoch,
    handovers: journal.flatMap(({ at, entry }) => (entry.kind === 'handed-over' ? [{ at, cause: entry.cause }] : [])),
    pendingOverrides: await listPendingOverrideViews(pool, { workspaceId, runId: run.id }),
  };
}

const toSend = ({ message, text, state, node, problem, at }: SendView) => ({ message, text, state, node, problem, at });

const toKept = ({ id, stepId, provider, state, attempts, settledAt, settledBy, status, problem }: KeptOfRun): KeptSummary => ({
  id,
  step: stepId,
  provider,
  state,
  attempts,
  settledAt,
  settledBy,
  status,
  problem,
});

function toSummary(run: RunView): RunSummary {
  return {
    id: run.id,
    flow: { id: run.flowId, name: run.flowName },
    version: { id: run.versionId, number: run.versionNumber },
    status: run.status,
    outcome: run.outcome,
    source: run.source,
    contact: run.contactId === null ? null : { id: run.contactId, name: run.contactName ?? '' },
    conversation: run.conversationId,
    cause: run.cause === null ? null : { ...run.cause, ...(run.causeNodeName === null ? {} : { nodeName: run.causeNodeName }) },
    waitingFor: run.waitingFor,
    wakeAt: run.wakeAt,
    lane: run.lane,
    beganIn: run.beganIn,
    replayOf: run.replayOf,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    durationMs: run.durationMs,
  };
}
