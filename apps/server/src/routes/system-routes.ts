import { endpoints } from '@holdfast/contracts';
import { hasUsers, listLiveProcesses } from '@holdfast/db';
import type { ServerDeps } from '../deps.ts';
import { docsPage } from '../http/docs-page.ts';
import { buildOpenapi } from '../http/openapi.ts';
import { ok, openRoute, route, type Route } from '../http/route.ts';
import { createFirstOwner } from '../setup/first-owner.ts';

export function systemRoutes(deps: ServerDeps): Route[] {
  const { pool, live, version } = deps;
  const openapi = buildOpenapi(version);
  return [
    openRoute(endpoints.health, {
      run: async ({ response }) => {
        const health = await checkHealth(deps);
        if (!health.ok) response.status(503);
        return health;
      },
    }),
    openRoute(endpoints.openapi, { run: async () => openapi }),
    openRoute(endpoints.docs, { answers: 'itself', run: async ({ response }) => docsPage(response) }),
    openRoute(endpoints.setupState, { run: async () => ({ isOpen: !(await hasUsers(pool)) }) }),
    openRoute(endpoints.setup, {
      run: async ({ body, request }) => {
        await createFirstOwner(deps, { ...body, ip: request.socket.remoteAddress ?? null });
        return ok;
      },
    }),
    route(endpoints.me, {
      run: async ({ caller }) => ({
        user: { id: caller.id, name: caller.name, email: caller.email },
        workspace: { id: caller.workspaceId, name: caller.workspaceName },
        role: caller.role,
        mustChangePassword: caller.mustChangePassword,
      }),
    }),
    route(endpoints.events, {
      answers: 'itself',
      run: async ({ caller, request, response }) => live.open(caller, response, request.get('last-event-id') ?? null),
    }),
  ];
}

export interface Health {
  ok: boolean;
  version: string;
  components: { database: Component; temporal: Component; worker: Component };
}
interface Component {
  ok: boolean;
  detail: string;
}

export async function checkHealth({ pool, isTemporalUp, version }: Pick<ServerDeps, 'pool' | 'isTemporalUp' | 'version'>): Promise<Health> {
  const [processes, isUp] = await Promise.all([within(2_500, listLiveProcesses(pool)), within(2_500, isTemporalUp())]);
  const workers = processes?.filter((each) => each.kind === 'worker' || each.kind === 'app').length ?? 0;
  const components = {
    database: processes === null ? { ok: false, detail: 'PostgreSQL does not answer.' } : { ok: true, detail: 'PostgreSQL answers.' },
    temporal:
      isUp === true
        ? { ok: true, detail: 'Temporal answers.' }
        : { ok: false, detail: 'Temporal does not answer. Messages are still taken in; runs go on when it is back.' },
    worker:
      workers > 0
        ? { ok: true, detail: workers === 1 ? 'One worker is running.' : `${workers} workers are running.` }
        : { ok: false, detail: 'No worker is running, so runs wait.' },
  };
  return { ok: Object.values(components).every((component) => component.ok), version, components };
}

/** Null when it fails or takes longer: a health check must answer even when nothing else does. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return await Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}
