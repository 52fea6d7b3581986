import { createHash } from 'node:crypto';
import { endpoints, type Service, type ServiceChanges } from '@holdfast/contracts';
import {
  deleteService,
  insertService,
  listServices,
  loadCredential,
  loadService,
  newId,
  replaceServiceDocument,
  updateService,
  type ServiceLine,
  type ServiceView,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { diffOperations, maxDocumentBytes, readDescription, type Description } from '@holdfast/services';
import type { Caller } from '../auth/caller.ts';
import type { ServerDeps } from '../deps.ts';
import { missingResource } from '../http/mount-routes.ts';
import { ok, route, type Route } from '../http/route.ts';
import { auditOf } from './audit-of.ts';

/** A service's document as it came. */
interface Came {
  bytes: Uint8Array;
  sourceUrl: string | null;
}

export function serviceRoutes(deps: ServerDeps): Route[] {
  const { pool } = deps;
  const load = ({ caller, params }: { caller: Caller; params: { id: string } }) =>
    loadService(pool, { workspaceId: caller.workspaceId, id: params.id });
  return [
    route(endpoints.listServices, {
      run: async ({ caller }) => ({ items: (await listServices(pool, caller.workspaceId)).map(toService) }),
    }),
    route(endpoints.importService, {
      run: ({ body, caller }) => importService(deps, caller, { bytes: bytesOf(body), sourceUrl: null }),
    }),
    route(endpoints.fetchService, {
      run: async ({ body, caller }) => importService(deps, caller, await fetchDocument(deps, body.url)),
    }),
    route(endpoints.changeService, { load, run: ({ loaded, body, caller }) => changeService(deps, caller, loaded, body) }),
    route(endpoints.replaceService, {
      load,
      run: ({ loaded, body, query, caller }) =>
        replaceService(deps, caller, loaded, { came: { bytes: bytesOf(body), sourceUrl: null }, isApplied: query.apply === 'true' }),
    }),
    route(endpoints.refetchService, {
      load,
      run: async ({ loaded, body, caller }) => {
        const url = body.url ?? loaded.sourceUrl;
        if (url === null)
          throw new HoldfastError('request.invalid', {
            detail: say`The document of "${loaded.name}" was not fetched from an address.`,
            hint: 'Upload or paste the newer one.',
          });
        return replaceService(deps, caller, loaded, { came: await fetchDocument(deps, url), isApplied: body.apply });
      },
    }),
    route(endpoints.getOperation, { load, run: async ({ loaded, params }) => operationOf(loaded, params.operation) }),
    route(endpoints.deleteService, {
      load,
      run: async ({ loaded, caller }) => {
        if (loaded.usedBy.length > 0)
          throw new HoldfastError('resource.conflict', {
            detail: say`"${loaded.name}" is used by ${loaded.usedBy.map(({ name }) => `"${name}"`).join(', ')}.`,
            hint: 'Remove its steps there first.',
          });
        await deleteService(pool, { workspaceId: caller.workspaceId, id: loaded.id });
        await auditOf(pool, caller, { action: 'service.removed', subject: loaded.id, detail: { name: loaded.name } });
        return ok;
      },
    }),
  ];
}

const bytesOf = (body: unknown): Uint8Array => (Buffer.isBuffer(body) ? body : new Uint8Array());

/** Obeys the rules of flows: public addresses only, also after redirects. Throws egress.blocked, upstream.* and service.document. */
async function fetchDocument({ egress }: ServerDeps, url: string): Promise<Came> {
  const fetch = egress.fetchFor({ maxBytes: maxDocumentBytes });
  const answer = await fetch(url, { headers: { accept: 'application/json, application/yaml, text/yaml, text/xml;q=0.9, */*;q=0.5' } });
  if (!answer.ok)
    throw new HoldfastError('service.document', {
      detail: say`${new URL(url).host} answered ${answer.status} when asked for the document.`,
      path: 'url',
    });
  return { bytes: new Uint8Array(await answer.arrayBuffer()), sourceUrl: url };
}

const documentOf = ({ bytes, sourceUrl }: Came, read: Description) => ({
  version: read.version,
  sourceUrl,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  document: Buffer.from(bytes).toString().replaceAll('\0', '\uFFFD'),
  operations: read.operations,
  facts: { servers: read.servers, security: read.security, notes: read.notes },
});

async function importService({ pool }: ServerDeps, caller: Caller, came: Came): Promise<Service> {
  const read = await readDescription(came.bytes, came);
  const id = newId('service');
  await insertService(pool, {
    id,
    workspaceId: caller.workspaceId,
    kind: read.kind,
    name: read.name,
    ...documentOf(came, read),
    serverUrl: read.servers[0]?.url ?? null,
    by: caller.name,
  });
  const detail = { name: read.name, sourceUrl: came.sourceUrl, operations: read.operations.length };
  await auditOf(pool, caller, { action: 'service.imported', subject: id, detail });
  return reload({ pool }, caller, id);
}

async function changeService(
  { pool }: ServerDeps,
  caller: Caller,
  before: ServiceView,
  given: { name?: string | undefined; serverUrl?: string | null | undefined; credential?: string | null | undefined },
): Promise<Service> {
  const { workspaceId } = caller;
  if (given.credential && !(await loadCredential(pool, { workspaceId, id: given.credential })))
    throw new HoldfastError('request.invalid', { detail: 'There is no such connection.', path: 'credential' });
  const after = {
    name: given.name ?? before.name,
    serverUrl: given.serverUrl === undefined ? before.serverUrl : given.serverUrl,
    credential: given.credential === undefined ? before.credential : given.credential,
  };
  await updateService(pool, { workspaceId, id: before.id, ...after });
  await auditOf(pool, caller, { action: 'service.changed', subject: before.id, detail: after });
  return reload({ pool }, caller, before.id);
}

async function replaceService(
  { pool }: ServerDeps,
  caller: Caller,
  before: ServiceView,
  { came, isApplied }: { came: Came; isApplied: boolean },
): Promise<ServiceChanges> {
  const read = await readDescription(came.bytes, came);
  if (read.kind !== before.kind)
    throw new HoldfastError('service.document', {
      detail: say`"${before.name}" is described in another format.`,
      hint: 'Import this document as a service of its own.',
    });
  const document = documentOf(came, read);
  const changes = { isSame: document.sha256 === before.sha256, ...diffOperations(before.operations, read.operations) };
  if (!isApplied) return changes;
  await replaceServiceDocument(pool, {
    workspaceId: caller.workspaceId,
    id: before.id,
    ...document,
    sourceUrl: came.sourceUrl ?? before.sourceUrl,
  });
  const { added, removed, changed } = changes;
  const detail = { name: before.name, sha256: document.sha256, added: added.length, removed: removed.length, changed: changed.length };
  await auditOf(pool, caller, { action: 'service.replaced', subject: before.id, detail });
  return changes;
}

async function reload({ pool }: Pick<ServerDeps, 'pool'>, caller: Caller, id: string): Promise<Service> {
  const view = await loadService(pool, { workspaceId: caller.workspaceId, id });
  if (!view) throw missingResource();
  return toService(view);
}

/** With the step that calls it, as it is added to a flow. */
function operationOf({ id: service, serverUrl, credential, operations }: ServiceView, wanted: string) {
  const found = operations.find(({ id }) => id === wanted);
  if (!found) throw missingResource();
  const { node, ...operation } = found;
  const place = { service, ...(serverUrl === null ? {} : { server: serverUrl }), ...(credential === null ? {} : { credential }) };
  return { ...operation, node: { ...node, config: { ...place, ...node.config } } };
}

const toService = ({ facts, operations, ...service }: ServiceLine): Service => ({
  ...service,
  ...facts,
  operations: operations.map(({ id, title, summary, group }) => ({ id, title, summary, group })),
});
