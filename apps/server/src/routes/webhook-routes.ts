import { deliveredRequest, delivery, endpoints, type Delivery } from '@holdfast/contracts';
import { beginListening, endListening, listDeliveries, loadDeliveries, loadFlowView, loadListening, type DeliveryView } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import type { FlowFile } from '@holdfast/graph';
import type { Catalog, JsonObject } from '@holdfast/node-kit';
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';
import { pageOf } from './pages.ts';

/** As long as it takes to find the other system's test button. */
const listenMinutes = 10;

type Load = (call: { caller: Caller; params: { id: string } }) => ReturnType<typeof loadFlowView>;

export function webhookRoutes(deps: ServerDeps): Route[] {
  const load: Load = ({ caller, params }) => loadFlowView(deps.pool, { workspaceId: caller.workspaceId, id: params.id });
  return [...deliveryRoutes(deps, load), ...sampleRoutes(deps, load)];
}

function deliveryRoutes({ pool, runs }: ServerDeps, load: Load): Route[] {
  return [
    route(endpoints.listDeliveries, {
      load,
      run: async ({ loaded, query, caller }) => {
        const rows = await listDeliveries(pool, {
          workspaceId: caller.workspaceId,
          flowId: loaded.id,
          nodeId: query.node ?? null,
          before: query.cursor ?? null,
          limit: query.limit + 1,
        });
        return pageOf(rows.map(toDelivery), query.limit, ({ id }) => id);
      },
    }),
    route(endpoints.getDelivery, {
      load,
      run: async ({ loaded, params, caller }) => {
        const [row] = await loadDeliveries(pool, { workspaceId: caller.workspaceId, flowId: loaded.id, ids: [params.delivery] });
        if (!row) throw missingResource();
        return { ...toDelivery(row), request: requestOf(row.input) };
      },
    }),
    route(endpoints.replayDeliveries, {
      load,
      run: async ({ loaded, body, caller }) => {
        const { workspaceId } = caller;
        const wanted = [...new Set(body.deliveries)];
        const found = await loadDeliveries(pool, { workspaceId, flowId: loaded.id, ids: wanted });
        if (found.length < wanted.length)
          throw new HoldfastError('resource.missing', {
            detail: say`${wanted.length - found.length} of these deliveries are not there any more, so none was replayed.`,
            hint: 'Load the list again and choose those that are in it.',
          });
        const started: { delivery: string; run: string }[] = [];
        // One after another, in the order in which they came.
        for (const { id, nodeId, input } of found) {
          const { run } = await runs.replayDelivery({ workspaceId, flowId: loaded.id, nodeId, replayOf: id, input });
          started.push({ delivery: id, run });
          await auditOf(pool, caller, { action: 'delivery.replayed', subject: id, detail: { flow: loaded.id, run } });
        }
        return { runs: started };
      },
    }),
  ];
}

function sampleRoutes({ pool, catalog }: ServerDeps, load: Load): Route[] {
  return [
    route(endpoints.getSample, {
      load,
      run: async ({ loaded, query, caller }) =>
        (await loadListening(pool, { workspaceId: caller.workspaceId, flowId: loaded.id, nodeId: query.node })) ?? {
          isListening: false,
          until: null,
          isFresh: false,
          sample: null,
          problem: null,
        },
    }),
    route(endpoints.captureSample, {
      load,
      run: async ({ loaded, body, caller }) => {
        const of = { workspaceId: caller.workspaceId, flowId: loaded.id, nodeId: body.node };
        if (body.act === 'listen')
          await beginListening(pool, { ...of, ...webhookOf(loaded.draft, body.node, catalog), forMinutes: listenMinutes });
        else await endListening(pool, { ...of, isForgotten: body.act === 'forget' });
        return ok;
      },
    }),
  ];
}

const withPath = z.looseObject({ path: z.string() });

/** A webhook step's address and settings. Throws flow.invalid where it has no readable ones. */
function webhookOf(file: FlowFile, id: string, catalog: Catalog): { path: string; config: JsonObject } {
  const node = file.nodes.find((each) => each.id === id);
  const definition = node && catalog[node.type];
  if (!node || definition?.kind !== 'trigger' || definition.source !== 'webhook') throw missingResource();
  const config = definition.config.safeParse(node.config);
  if (!config.success)
    throw new HoldfastError('flow.invalid', {
      detail: say`"${node.name}" can’t be called yet: ${config.error.issues[0]?.message ?? 'its settings are not complete'}`,
      hint: 'Complete its settings first.',
    });
  // Its answers come from our own origin before anybody has published it.
  const unsafe = definition
    .check?.(config.data, { credentials: [], channels: [], variables: [] })
    .find(({ field, severity }) => field === 'answerHeaders' && severity === 'error');
  if (unsafe)
    throw new HoldfastError('flow.invalid', { detail: say`"${node.name}" can’t be called yet: ${unsafe.reason}`, hint: unsafe.fix });
  return { path: withPath.parse(config.data).path, config: node.config };
}

const toDelivery = (row: DeliveryView): Delivery => ({
  id: row.id,
  at: row.at,
  node: row.nodeId,
  state: row.runId === null ? 'refused' : 'accepted',
  count: row.count,
  run: row.runId === null ? null : runOf(row),
  method: row.method,
  messageId: row.deliveryId,
  replayOf: row.replayOf,
  reason: row.detail,
});

const runOf = ({ runId, status, outcome }: DeliveryView): Delivery['run'] => delivery.shape.run.parse({ id: runId, status, outcome });

const requestOf = (input: JsonObject): z.infer<typeof deliveredRequest> =>
  deliveredRequest.catch({ method: '', headers: {}, query: {}, body: null }).parse(input);
