import type { DescribedOperation } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface ServiceServer {
  url: string;
  title: string;
}
/** A way to prove who we are, as the document names it. */
export interface ServiceSecurity {
  name: string;
  title: string;
  /** Credential kinds that can do it; none: it can't be done. */
  kinds: string[];
}
export interface ServiceFacts {
  servers: ServiceServer[];
  security: ServiceSecurity[];
  /** What of the document is left out, in words. */
  notes: string[];
}

export interface ServiceView {
  id: string;
  kind: 'openapi' | 'wsdl';
  name: string;
  version: string;
  sourceUrl: string | null;
  sha256: string;
  operations: DescribedOperation[];
  facts: ServiceFacts;
  serverUrl: string | null;
  credential: string | null;
  usedBy: { flow: string; name: string }[];
  createdAt: string;
  createdBy: string;
  updatedAt: string;
}

export type ServiceLine = Omit<ServiceView, 'operations'> & {
  operations: Pick<DescribedOperation, 'id' | 'title' | 'summary' | 'group'>[];
};

// As with credentials: a flow uses a service when its id stands as a value anywhere in a node's config of the draft or the live version.
const columns = `s.id, s.kind, s.name, s.version, s.source_url as "sourceUrl", s.sha256, s.facts, s.server_url as "serverUrl", s.credential_id as "credential",
  iso(s.created_at) as "createdAt", s.created_by as "createdBy", iso(s.updated_at) as "updatedAt",
  coalesce((select jsonb_agg(jsonb_build_object('flow', f.id, 'name', f.name) order by f.name)
              from flows f left join versions v on v.flow_id = f.id and v.id = f.published_version_id
             where f.workspace_id = s.workspace_id and f.archived_at is null
               and (jsonb_path_exists(f.draft, '$.nodes[*].config.service ? (@ == $id)', jsonb_build_object('id', s.id))
                 or jsonb_path_exists(v.file, '$.nodes[*].config.service ? (@ == $id)', jsonb_build_object('id', s.id)))), '[]') as "usedBy"`;

/** With what lists show of their operations: what a step is made of may be megabytes. */
export async function listServices(db: Queryable, workspaceId: string): Promise<ServiceLine[]> {
  const { rows } = await db.query<ServiceLine>(
    `select ${columns}, (select jsonb_agg(jsonb_build_object('id', o -> 'id', 'title', o -> 'title', 'summary', o -> 'summary', 'group', o -> 'group') order by nth)
            from jsonb_array_elements(s.operations) with ordinality as all_of (o, nth)) as operations from service_descriptions s where s.workspace_id = $1 order by lower(s.name), s.id`,
    [workspaceId],
  );
  return rows;
}

export async function loadService(db: Queryable, args: { workspaceId: string; id: string }): Promise<ServiceView | null> {
  const { rows } = await db.query<ServiceView>(
    `select ${columns}, s.operations from service_descriptions s where s.workspace_id = $1 and s.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

interface ServiceDocument {
  id: string;
  workspaceId: string;
  version: string;
  sourceUrl: string | null;
  sha256: string;
  document: string;
  operations: DescribedOperation[];
  facts: ServiceFacts;
}

export async function insertService(
  db: Queryable,
  service: ServiceDocument & { kind: ServiceView['kind']; name: string; serverUrl: string | null; by: string },
): Promise<void> {
  await db.query(
    `insert into service_descriptions (id, workspace_id, kind, name, version, source_url, sha256, document, operations, facts, server_url, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      service.id,
      service.workspaceId,
      service.kind,
      service.name,
      service.version,
      service.sourceUrl,
      service.sha256,
      service.document,
      JSON.stringify(service.operations),
      JSON.stringify(service.facts),
      service.serverUrl,
      service.by,
    ],
  );
}

/** A newer document in place of the old one. Steps that exist keep what they were made of. */
export async function replaceServiceDocument(db: Queryable, service: ServiceDocument): Promise<void> {
  await db.query(
    `update service_descriptions set version = $3, source_url = $4, sha256 = $5, document = $6, operations = $7, facts = $8, updated_at = now()
      where workspace_id = $1 and id = $2`,
    [
      service.workspaceId,
      service.id,
      service.version,
      service.sourceUrl,
      service.sha256,
      service.document,
      JSON.stringify(service.operations),
      JSON.stringify(service.facts),
    ],
  );
}

export async function updateService(
  db: Queryable,
  service: { workspaceId: string; id: string; name: string; serverUrl: string | null; credential: string | null },
): Promise<void> {
  await db.query(
    'update service_descriptions set name = $3, server_url = $4, credential_id = $5, updated_at = now() where workspace_id = $1 and id = $2',
    [service.workspaceId, service.id, service.name, service.serverUrl, service.credential],
  );
}

export async function deleteService(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from service_descriptions where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}
