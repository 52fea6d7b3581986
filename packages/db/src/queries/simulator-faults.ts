import type { Queryable } from '../pool.ts';

interface OfCustomer {
  workspaceId: string;
  flowId: string;
  /** The simulated customer's address. */
  contact: string;
}

/** What the calls of each step are to meet, by node. */
export async function listSimulatorFaults(db: Queryable, args: OfCustomer): Promise<Record<string, string>> {
  const { rows } = await db.query<{ node: string; fault: string }>(
    'select node_id as node, fault from simulator_faults where workspace_id = $1 and flow_id = $2 and contact = $3 order by node_id',
    [args.workspaceId, args.flowId, args.contact],
  );
  return Object.fromEntries(rows.map(({ node, fault }) => [node, fault]));
}

/** Null: its calls go out as always. */
export async function setSimulatorFault(db: Queryable, args: OfCustomer & { node: string; fault: string | null }): Promise<void> {
  const key = [args.workspaceId, args.flowId, args.contact, args.node];
  if (args.fault === null)
    await db.query('delete from simulator_faults where workspace_id = $1 and flow_id = $2 and contact = $3 and node_id = $4', key);
  else
    await db.query(
      `insert into simulator_faults (workspace_id, flow_id, contact, node_id, fault) values ($1, $2, $3, $4, $5)
       on conflict (workspace_id, flow_id, contact, node_id) do update set fault = excluded.fault`,
      [...key, args.fault],
    );
}

/** The conversation begins anew, and so does what it pretends. Only the simulator's conversations have any. */
export async function clearSimulatorFaults(db: Queryable, args: { workspaceId: string; conversationId: string }): Promise<void> {
  await db.query(
    `delete from simulator_faults s using conversations v join channels h on h.id = v.channel_id and h.kind = 'simulator'
      where v.id = $2 and v.workspace_id = $1 and s.workspace_id = $1 and s.contact = split_part(v.address, '#', 1)`,
    [args.workspaceId, args.conversationId],
  );
}
