import type { FlowFile } from '@holdfast/graph';
import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** Rows that are gone are remembered so long: one that comes back as it was is no new one. */
const goneKeptDays = 30;

/**
 * One watch for each live trigger of a sheet. A paused flow's is forgotten: what happens meanwhile is not made up for. Another place, or a
 * version that was published to mend a problem, begins anew with what is there.
 */
export async function planWatches(db: Queryable): Promise<void> {
  await db.query(
    `with live as (
       select t.flow_id, t.node_id, t.workspace_id, t.version_id, md5(concat_ws(E'\\n', t.config ->> 'credential', t.config ->> 'spreadsheet', t.config ->> 'sheet',
           t.config ->> 'keyColumn', t.config ->> 'columns', t.config ->> 'startWhen')) as place
         from triggers t join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null
        where t.source = 'connection' and t.config ? 'spreadsheet'
     ), gone as (
       delete from sheet_watches w where not exists (select 1 from live l where l.flow_id = w.flow_id and l.node_id = w.node_id)
     ), stale as (
       delete from sheet_watches w using live l where l.flow_id = w.flow_id and l.node_id = w.node_id
          and (l.place <> w.place or (l.version_id <> w.version_id and w.problem ->> 'code' = 'trigger.columns'))
     ), moved as (
       update sheet_watches w set version_id = l.version_id, poll_at = now() from live l where l.flow_id = w.flow_id and l.node_id = w.node_id
          and l.place = w.place and l.version_id <> w.version_id and w.problem ->> 'code' is distinct from 'trigger.columns'
     )
     insert into sheet_watches (flow_id, node_id, workspace_id, place, version_id) select flow_id, node_id, workspace_id, place, version_id from live
     on conflict do nothing`,
  );
}

export interface DueWatch {
  workspaceId: string;
  flowId: string;
  nodeId: string;
  versionId: string;
  config: JsonObject;
  file: Pick<FlowFile, 'settings'>;
  /** The names in the first row as they were; null: never looked at. */
  columns: string[] | null;
  /** Counts the looks: nothing is written by one that was overtaken. */
  round: number;
  failures: number;
  problem: { code?: string } | null;
}

/** Takes watches that are due: of all processes that ask, one has each, and of the triggers of one sheet one at a time is looked at. */
export async function claimWatches(db: Queryable, args: { process: string; limit: number; forSeconds: number }): Promise<DueWatch[]> {
  const { rows } = await db.query<DueWatch>(
    `with due as (
       select distinct on (t.config ->> 'spreadsheet') w.flow_id, w.node_id from sheet_watches w
          join triggers t on t.flow_id = w.flow_id and t.node_id = w.node_id join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null
        where w.poll_at <= now() and (w.owner is null or w.owned_until < now()
            or exists (select 1 from leases l where l.process = w.owner and l.seen_at < now() - interval '5 s'))
          and not exists (select 1 from sheet_watches o join triggers p on p.flow_id = o.flow_id and p.node_id = o.node_id
            where p.config ->> 'spreadsheet' = t.config ->> 'spreadsheet' and o.owner is not null and o.owned_until >= now()
              and not exists (select 1 from leases l where l.process = o.owner and l.seen_at < now() - interval '5 s'))
        order by t.config ->> 'spreadsheet', w.poll_at limit $2
     ), locked as (
       select w.flow_id, w.node_id from sheet_watches w join due on due.flow_id = w.flow_id and due.node_id = w.node_id
        where w.poll_at <= now() for update of w skip locked
     )
     update sheet_watches w set owner = $1, owned_until = now() + make_interval(secs => $3), round = round + 1
       from locked l, triggers t, versions v
      where w.flow_id = l.flow_id and w.node_id = l.node_id and t.flow_id = l.flow_id and t.node_id = l.node_id and v.flow_id = t.flow_id and v.id = t.version_id
     returning w.workspace_id as "workspaceId", w.flow_id as "flowId", w.node_id as "nodeId", t.version_id as "versionId", t.config,
       jsonb_build_object('settings', v.file -> 'settings') as file, w.columns, w.round, w.failures, w.problem`,
    [args.process, args.limit, args.forSeconds],
  );
  return rows;
}

interface OfWatch {
  flowId: string;
  nodeId: string;
  round: number;
}

/** Whether the look is still the last one, its flow live and its version the one that was looked for; its row stays locked until the transaction ends. */
export async function holdWatch(db: Queryable, args: OfWatch & { versionId: string }): Promise<boolean> {
  const { rows } = await db.query(
    `select 1 from sheet_watches w join triggers t on t.flow_id = w.flow_id and t.node_id = w.node_id
        join flows f on f.id = t.flow_id and f.archived_at is null and f.paused_at is null
      where w.flow_id = $1 and w.node_id = $2 and w.round = $3 and t.version_id = $4 for update of w`,
    [args.flowId, args.nodeId, args.round, args.versionId],
  );
  return rows.length > 0;
}

/** A look that came to nothing: the next one is due at once, unless another process is at it. */
export async function releaseWatch(db: Queryable, args: OfWatch): Promise<void> {
  await db.query(
    'update sheet_watches set owner = null, owned_until = null, poll_at = now() where flow_id = $1 and node_id = $2 and round = $3',
    [args.flowId, args.nodeId, args.round],
  );
}

export interface KnownRow {
  key: string;
  hash: string;
  count: number;
  position: number;
  isGone: boolean;
}

export async function loadKnownRows(db: Queryable, args: { flowId: string; nodeId: string }): Promise<KnownRow[]> {
  const { rows } = await db.query<KnownRow>(
    `select key, hash, count, position, gone_at is not null as "isGone" from sheet_rows where flow_id = $1 and node_id = $2`,
    [args.flowId, args.nodeId],
  );
  return rows;
}

/** Replaces what is known by `rows`: only what differs is written. */
export async function saveKnownRows(
  db: Queryable,
  args: { workspaceId: string; flowId: string; nodeId: string; rows: readonly KnownRow[] },
): Promise<void> {
  const { workspaceId, flowId, nodeId, rows } = args;
  const lists = [
    rows.map(({ key }) => key),
    rows.map(({ hash }) => hash),
    rows.map(({ count }) => count),
    rows.map(({ position }) => position),
    rows.map(({ isGone }) => isGone),
  ];
  await db.query(
    `delete from sheet_rows r where r.flow_id = $1 and r.node_id = $2
        and not exists (select 1 from unnest($3::text[], $4::text[]) as g (key, hash) where g.key = r.key and g.hash = r.hash)`,
    [flowId, nodeId, lists[0], lists[1]],
  );
  await db.query(
    `insert into sheet_rows as r (workspace_id, flow_id, node_id, key, hash, count, position, gone_at)
       select $1, $2, $3, g.key, g.hash, g.count, g.position, case when g.gone then now() end
         from unnest($4::text[], $5::text[], $6::int[], $7::int[], $8::boolean[]) as g (key, hash, count, position, gone)
     on conflict (flow_id, node_id, key, hash) do update set count = excluded.count, position = excluded.position,
         gone_at = case when excluded.gone_at is null then null else coalesce(r.gone_at, excluded.gone_at) end
       where (r.count, r.position, r.gone_at is null) is distinct from (excluded.count, excluded.position, excluded.gone_at is null)`,
    [workspaceId, flowId, nodeId, ...lists],
  );
  await db.query(
    `delete from sheet_rows where flow_id = $1 and node_id = $2 and gone_at < now() - make_interval(days => ${goneKeptDays})`,
    [flowId, nodeId],
  );
}

/** After a look: what was found, and when the next one is due. */
export async function settleWatch(
  db: Queryable,
  args: OfWatch & {
    nextInMs: number;
    columns: readonly string[] | null;
    rowCount: number | null;
    leftOver: number;
    hasFound: boolean;
    problem: JsonObject | null;
  },
): Promise<void> {
  await db.query(
    `update sheet_watches set owner = null, owned_until = null, poll_at = now() + make_interval(secs => $4::float8 / 1000), polled_at = now(),
        columns = coalesce($5, columns), row_count = coalesce($6, row_count), left_over = $7, found_at = case when $8 then now() else found_at end,
        problem = $9, failures = case when $9::jsonb is null then 0 else failures + 1 end
      where flow_id = $1 and node_id = $2 and round = $3`,
    [
      args.flowId,
      args.nodeId,
      args.round,
      args.nextInMs,
      args.columns === null ? null : JSON.stringify(args.columns),
      args.rowCount,
      args.leftOver,
      args.hasFound,
      args.problem === null ? null : JSON.stringify(args.problem),
    ],
  );
}

export interface WatchView {
  polledAt: string | null;
  foundAt: string | null;
  nextAt: string;
  rowCount: number | null;
  leftOver: number;
  problem: { code: string; title: string; detail: string } | null;
}

export async function loadWatchView(
  db: Queryable,
  args: { workspaceId: string; flowId: string; nodeId: string },
): Promise<WatchView | null> {
  const { rows } = await db.query<WatchView>(
    `select iso(polled_at) as "polledAt", iso(found_at) as "foundAt", iso(poll_at) as "nextAt", row_count as "rowCount", left_over as "leftOver", problem
       from sheet_watches where workspace_id = $1 and flow_id = $2 and node_id = $3`,
    [args.workspaceId, args.flowId, args.nodeId],
  );
  return rows[0] ?? null;
}
