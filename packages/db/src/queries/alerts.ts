import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export type AlertEvent =
  | 'handoff.opened'
  | 'run.attention'
  | 'channel.broken'
  | 'channel.warning'
  | 'backup.failed'
  | 'mirror.behind'
  | 'credential.broken'
  | 'provider.down'
  | 'flow.silent'
  | 'trigger.broken';
export interface AlertRouteView {
  id: string;
  kind: 'telegram' | 'email' | 'webhook';
  target: JsonObject;
  events: AlertEvent[];
  isEnabled: boolean;
  lastProblem: { code: string; title: string; detail: string } | null;
}
const routeColumns = 'id, kind, target, events, is_enabled as "isEnabled", last_problem as "lastProblem"';

export async function listAlertRoutes(db: Queryable, workspaceId: string): Promise<AlertRouteView[]> {
  const { rows } = await db.query<AlertRouteView>(`select ${routeColumns} from alert_routes where workspace_id = $1 order by created_at`, [
    workspaceId,
  ]);
  return rows;
}

export async function loadAlertRoute(db: Queryable, args: { workspaceId: string; id: string }): Promise<AlertRouteView | null> {
  const { rows } = await db.query<AlertRouteView>(`select ${routeColumns} from alert_routes where workspace_id = $1 and id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export async function insertAlertRoute(
  db: Queryable,
  route: { id: string; workspaceId: string; kind: string; target: JsonObject; events: string[]; isEnabled: boolean },
): Promise<void> {
  await db.query('insert into alert_routes (id, workspace_id, kind, target, events, is_enabled) values ($1, $2, $3, $4, $5, $6)', [
    route.id,
    route.workspaceId,
    route.kind,
    JSON.stringify(route.target),
    route.events,
    route.isEnabled,
  ]);
}

export async function deleteAlertRoute(db: Queryable, args: { workspaceId: string; id: string }): Promise<void> {
  await db.query('delete from alert_routes where workspace_id = $1 and id = $2', [args.workspaceId, args.id]);
}

export interface NewAlert {
  id: string;
  workspaceId: string;
  event: AlertEvent;
  /** The id of the handoff, run or channel. */
  subject: string;
  title: string;
  detail: string;
  /** The page that shows it, from the root: `/runs/run_…`. */
  link: string;
}

/** Notes an alert and one delivery for each place that asked for its kind; call it in the transaction that caused it. */
export async function insertAlert(db: Queryable, alert: NewAlert): Promise<void> {
  await db.query(
    `with made as (insert into alerts (id, workspace_id, event, subject, title, detail, link) values ($1, $2, $3, $4, $5, $6, $7) returning id)
     insert into alert_deliveries (alert_id, route_id, workspace_id)
     select made.id, r.id, $2 from made, alert_routes r where r.workspace_id = $2 and r.is_enabled and $3 = any (r.events)`,
    [alert.id, alert.workspaceId, alert.event, alert.subject, alert.title, alert.detail, alert.link],
  );
}

/** The same, unless people were told the same of the same subject within the last hour. Two at once may both be told. Answers whether they are. */
export async function insertAlertOnce(db: Queryable, alert: NewAlert): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from alerts where workspace_id = $1 and event = $2 and subject = $3 and title = $4 and at > now() - interval '1 hour' limit 1`,
    [alert.workspaceId, alert.event, alert.subject, alert.title],
  );
  if (rowCount !== 0) return false;
  await insertAlert(db, alert);
  return true;
}

export interface DueDelivery {
  alertId: string;
  routeId: string;
  workspaceId: string;
  attempts: number;
  kind: 'telegram' | 'email' | 'webhook';
  target: JsonObject;
  event: string;
  subject: string;
  title: string;
  detail: string;
  link: string;
  at: string;
}

/** Takes deliveries that are due and puts them off by two minutes, so that a sender that dies loses none and two senders share. */
export async function claimAlertDeliveries(db: Queryable, limit: number): Promise<DueDelivery[]> {
  const { rows } = await db.query<DueDelivery>(
    `with due as (select alert_id, route_id from alert_deliveries where state = 'planned' and next_at <= now() order by next_at limit $1 for update skip locked),
          taken as (update alert_deliveries d set attempts = attempts + 1, next_at = now() + interval '2 minutes' from due
                     where d.alert_id = due.alert_id and d.route_id = due.route_id returning d.alert_id, d.route_id, d.workspace_id, d.attempts)
     select t.alert_id as "alertId", t.route_id as "routeId", t.workspace_id as "workspaceId", t.attempts, r.kind, r.target, a.event, a.subject, a.title, a.detail, a.link, iso(a.at) as at
       from taken t join alerts a on a.id = t.alert_id join alert_routes r on r.id = t.route_id`,
    [limit],
  );
  return rows;
}

export async function settleAlertDelivery(
  db: Queryable,
  args: {
    workspaceId: string;
    alertId: string;
    routeId: string;
    state: 'planned' | 'sent' | 'failed';
    problem: JsonObject | null;
    retryInSeconds: number;
  },
): Promise<void> {
  await db.query(
    `with settled as (update alert_deliveries set state = $4, problem = $5, next_at = now() + make_interval(secs => $6) where workspace_id = $1 and alert_id = $2 and route_id = $3)
     update alert_routes set last_problem = $5 where workspace_id = $1 and id = $3`,
    [
      args.workspaceId,
      args.alertId,
      args.routeId,
      args.state,
      args.problem === null ? null : JSON.stringify(args.problem),
      args.retryInSeconds,
    ],
  );
}
