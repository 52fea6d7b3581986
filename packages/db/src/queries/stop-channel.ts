import type { JsonObject } from '@holdfast/node-kit';
import { newId } from '../id.ts';
import { notifyLive } from '../live.ts';
import { transaction, type Pool } from '../pool.ts';
import { insertAlert } from './alerts.ts';

/**
 * Its provider no longer accepts us: the channel stops until somebody has put it right, and people are told, once. `hint` is what they can do; `sealed` the secret
 * that was not accepted: a new one that came meanwhile is not to blame.
 */
export async function stopChannel(
  pool: Pool,
  {
    workspaceId,
    id,
    problem,
    hint,
    sealed = null,
  }: { workspaceId: string; id: string; problem: JsonObject & { detail: string }; hint?: string; sealed?: Buffer | null },
): Promise<void> {
  await transaction(pool, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `update channels set status = 'broken', health = jsonb_build_object('checkedAt', iso(now()), 'problem', $3::jsonb) where workspace_id = $1 and id = $2 and status = 'active' and ($4::bytea is null or secret = $4) returning name`,
      [workspaceId, id, JSON.stringify(problem), sealed],
    );
    const [stopped] = rows;
    if (!stopped) return;
    await insertAlert(client, {
      id: newId('alert'),
      workspaceId,
      event: 'channel.broken',
      subject: id,
      title: `The channel "${stopped.name}" stopped working`,
      detail: hint === undefined ? problem.detail : `${problem.detail} ${hint}`,
      link: `/channels/${id}`,
    });
  });
  notifyLive(pool, workspaceId, { kind: 'channel', channel: id });
}
