import { onlyRow, type Queryable } from '../pool.ts';

export interface AgentView {
  id: string;
  name: string;
  tokenStart: string;
  isRevoked: boolean;
  allowedHosts: string[];
  createdAt: string;
  seenAt: string | null;
  /** It asked for work within the last 20 s, and its question was not cut off since. */
  isHeard: boolean;
  instances: AgentInstanceView[];
  usedBy: { credential: string; name: string }[];
}
export interface AgentInstanceView {
  machine: string;
  version: string;
  allowedHosts: string[];
  running: number;
  seenAt: string;
  isHeard: boolean;
}

/** Four times as long as a question of an agent stays open. */
const within = `interval '20 s'`;
/** Of the agent `a`. */
const isHeard = `(coalesce(a.seen_at > now() - ${within} and a.seen_at >= coalesce(a.left_at, '-infinity'), false))`;

const columns = `a.id, a.name, a.token_start as "tokenStart", a.token_hash is null as "isRevoked", a.allowed_hosts as "allowedHosts", iso(a.created_at) as "createdAt",
  iso(a.seen_at) as "seenAt", ${isHeard} as "isHeard",
  coalesce((select jsonb_agg(jsonb_build_object('machine', i.machine, 'version', i.version, 'allowedHosts', i.allowed_hosts, 'running', i.running,
              'seenAt', iso(i.seen_at), 'isHeard', ${isHeard} and i.seen_at > now() - ${within}) order by i.seen_at desc)
              from agent_instances i where i.agent_id = a.id and i.seen_at > now() - interval '1 day'), '[]') as instances,
  coalesce((select jsonb_agg(jsonb_build_object('credential', c.id, 'name', c.name) order by lower(c.name))
              from credentials c where c.workspace_id = a.workspace_id and c.via_agent_id = a.id), '[]') as "usedBy"`;

export async function listAgents(db: Queryable, workspaceId: string): Promise<AgentView[]> {
  const { rows } = await db.query<AgentView>(`select ${columns} from agents a where a.workspace_id = $1 order by lower(a.name)`, [
    workspaceId,
  ]);
  return rows;
}

export async function loadAgent(db: Queryable, args: { workspaceId: string; id: string }): Promise<AgentView | null> {
  const { rows } = await db.query<AgentView>(`select ${columns} from agents a where a.workspace_id = $1 and a.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

interface AgentFields {
  id: string;
  workspaceId: string;
  name: string;
  allowedHosts: string[];
}

/** False when the workspace has an agent of this name. */
export async function insertAgent(
  db: Queryable,
  agent: AgentFields & { tokenHash: string; tokenStart: string; createdBy: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into agents (id, workspace_id, name, allowed_hosts, token_hash, token_start, created_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (workspace_id, lower(name)) do nothing`,
    [agent.id, agent.workspaceId, agent.name, agent.allowedHosts, agent.tokenHash, agent.tokenStart, agent.createdBy],
  );
  return rowCount === 1;
}

/** False when another agent of the workspace has this name. */
export async function updateAgent(db: Queryable, agent: AgentFields): Promise<boolean> {
  const { rowCount } = await db.query(
    `update agents a set name = $3, allowed_hosts = $4 where workspace_id = $1 and id = $2
        and not exists (select 1 from agents b where b.workspace_id = a.workspace_id and b.id <> a.id and lower(b.name) = lower($3))`,
    [agent.workspaceId, agent.id, agent.name, agent.allowedHosts],
  );
  return rowCount === 1;
}

/** The token before is not good any more; without a new one nobody can come as this agent. */
export async function setAgentToken(
  db: Queryable,
  args: { workspaceId: string; id: string; token: { hash: string; start: string } | null },
): Promise<void> {
  await db.query('update agents set token_hash = $3, token_start = coalesce($4, token_start) where workspace_id = $1 and id = $2', [
    args.workspaceId,
    args.id,
    args.token?.hash ?? null,
    args.token?.start ?? null,
  ]);
}

/** False while a connection goes this way. */
export async function deleteAgent(db: Queryable, args: { workspaceId: string; id: string }): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from agents a where workspace_id = $1 and id = $2 and not exists (select 1 from credentials c where c.workspace_id = $1 and c.via_agent_id = $2)`,
    [args.workspaceId, args.id],
  );
  return rowCount === 1;
}

export interface KnownAgent {
  id: string;
  workspaceId: string;
  name: string;
  allowedHosts: string[];
}

/** Whose token this is, by its hash; null for one that was taken back. */
export async function findAgentByToken(db: Queryable, tokenHash: string): Promise<KnownAgent | null> {
  const { rows } = await db.query<KnownAgent>(
    `select id, workspace_id as "workspaceId", name, allowed_hosts as "allowedHosts" from agents where token_hash = $1`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

/** Of an agent before it is asked. */
export interface AgentStanding extends KnownAgent {
  isRevoked: boolean;
  isHeard: boolean;
  seenAt: Date | null;
}
export async function loadAgentStanding(db: Queryable, args: { workspaceId: string; id: string }): Promise<AgentStanding | null> {
  const { rows } = await db.query<AgentStanding>(
    `select a.id, a.workspace_id as "workspaceId", a.name, a.allowed_hosts as "allowedHosts", a.token_hash is null as "isRevoked", a.seen_at as "seenAt", ${isHeard} as "isHeard"
       from agents a where a.workspace_id = $1 and a.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

export interface AgentQuestion {
  workspaceId: string;
  agentId: string;
  instance: string;
  /** How often this agent was started, and a random name of this time. */
  boot: number;
  process: string;
  turn: number;
  machine: string;
  version: string;
  allowedHosts: string[];
  running: number;
}

/**
 * An agent asks for work. False when another process has taken over its journal since: that one alone may go on. What this agent was given and does not know of
 * (it writes down what it begins before it does) was never begun, and waits again.
 */
export async function hearAgent(db: Queryable, question: AgentQuestion & { known: string[] }): Promise<boolean> {
  const { agentId, instance, boot, process, turn, machine, version, allowedHosts, running, known } = question;
  const { rows } = await db.query<{ isCurrent: boolean }>(
    `with heard as (
       insert into agent_instances as i (workspace_id, agent_id, instance, boot, turn, machine, version, allowed_hosts, running, process)
       values ($11, $1, $2, $3, $4, $5, $6, $7, $8, $10)
       on conflict (agent_id, instance) do update set boot = $3, turn = $4, machine = $5, version = $6, allowed_hosts = $7, running = $8, process = $10, seen_at = now(),
         started_at = case when i.process = $10 then i.started_at else now() end
        where (i.process = $10 and i.turn < $4) or i.boot < $3
       returning 1),
     seen as (update agents set seen_at = now() where id = $1 and exists (select 1 from heard)),
     never_begun as (update agent_calls set state = 'pending', instance = null
        where agent_id = $1 and instance = $2 and state = 'leased' and id <> all ($9) and exists (select 1 from heard))
     select exists (select 1 from heard) as "isCurrent"`,
    [agentId, instance, boot, turn, machine, version, allowedHosts, running, known, process, question.workspaceId],
  );
  return onlyRow(rows).isCurrent;
}

/** Its question was cut off, and it asked no other one since, nor did another with its token: it is not there, until it asks again. */
export async function noteAgentLeft(
  db: Queryable,
  question: Pick<AgentQuestion, 'agentId' | 'instance' | 'process' | 'turn'>,
): Promise<void> {
  await db.query(
    `update agents a set left_at = now() from agent_instances i
      where a.id = $1 and i.agent_id = a.id and i.instance = $2 and i.process = $3 and i.turn = $4 and i.seen_at = a.seen_at`,
    [question.agentId, question.instance, question.process, question.turn],
  );
}

export async function insertAgentCall(
  db: Queryable,
  call: { id: string; workspaceId: string; agentId: string; request: Buffer; keyId: string; withinMs: number },
): Promise<void> {
  await db.query(
    `insert into agent_calls (id, workspace_id, agent_id, request, request_key_id, deadline_at) values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6 / 1000.0))`,
    [call.id, call.workspaceId, call.agentId, call.request, call.keyId, call.withinMs],
  );
}

export interface LeasedCall {
  id: string;
  epoch: number;
  request: Buffer;
  keyId: string;
  /** Until its caller gives up. */
  leftMs: number;
}

/** What waits for this agent, the oldest first, as much as it has room for and 8 MB can hold. Nothing for a question that is not its last. */
export async function leaseAgentCalls(
  db: Queryable,
  args: { agentId: string; instance: string; process: string; turn: number; room: number },
): Promise<LeasedCall[]> {
  const { rows } = await db.query<LeasedCall>(
    `with asking as (select 1 from agent_instances i join agents a on a.id = i.agent_id and a.token_hash is not null
        where i.agent_id = $1 and i.instance = $2 and i.process = $3 and i.turn = $4 for update of i),
     waiting as (select id, created_at, octet_length(request) as bytes from agent_calls
        where agent_id = $1 and state = 'pending' and deadline_at > now() and exists (select 1 from asking)
        order by created_at, id limit $5 for update skip locked),
     fitting as (select id, sum(bytes) over (order by created_at, id) - bytes as before from waiting)
     update agent_calls c set state = 'leased', epoch = epoch + 1, instance = $2 from fitting f where c.id = f.id and f.before < 8000000
     returning c.id, c.epoch, c.request, c.request_key_id as "keyId", (1000 * extract(epoch from (c.deadline_at - now())))::float8 as "leftMs"`,
    [args.agentId, args.instance, args.process, args.turn, args.room],
  );
  return rows;
}

/** False when nobody waits for it any more, or it was given to somebody else. The same answer twice is fine. */
export async function answerAgentCall(
  db: Queryable,
  args: { agentId: string; id: string; epoch: number; answer: Buffer; keyId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update agent_calls set state = 'done', answer = $4, answer_key_id = $5 where agent_id = $1 and id = $2 and epoch = $3 and state in ('leased', 'done')`,
    [args.agentId, args.id, args.epoch, args.answer, args.keyId],
  );
  return rowCount === 1;
}

export interface AgentCallStanding {
  state: 'pending' | 'leased' | 'done';
  answer: Buffer | null;
  answerKeyId: string | null;
  isHeard: boolean;
  seenAt: Date | null;
}

/** How a call stands while its caller waits; null: its row is gone. */
export async function loadAgentCall(db: Queryable, args: { workspaceId: string; id: string }): Promise<AgentCallStanding | null> {
  const { rows } = await db.query<AgentCallStanding>(
    `select c.state, c.answer, c.answer_key_id as "answerKeyId", ${isHeard} as "isHeard", a.seen_at as "seenAt"
       from agent_calls c join agents a on a.id = c.agent_id where c.workspace_id = $1 and c.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** Its caller waits no longer. How it stood: a pending one was never given to anybody, and never will be. */
export async function takeBackAgentCall(
  db: Queryable,
  args: { workspaceId: string; id: string },
): Promise<Pick<AgentCallStanding, 'state' | 'answer' | 'answerKeyId'> | null> {
  const { rows } = await db.query<Pick<AgentCallStanding, 'state' | 'answer' | 'answerKeyId'>>(
    `delete from agent_calls where workspace_id = $1 and id = $2 returning state, answer, answer_key_id as "answerKeyId"`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** Calls whose caller died: nobody waits for them, and agents get none after its deadline. */
export async function forgetOldAgentCalls(db: Queryable): Promise<void> {
  await db.query(`delete from agent_calls where deadline_at < now() - interval '10 minutes'`);
  await db.query(`delete from agent_instances where seen_at < now() - interval '30 days'`);
}
