import { newId } from '../id.ts';
import { notifyLive } from '../live.ts';
import type { Queryable } from '../pool.ts';
import { insertAlertOnce } from './alerts.ts';

export type ChannelQuality = 'green' | 'yellow' | 'red';

/**
 * What the provider thinks of a number, from its webhook or its refusals. Red pauses everything automated on the channel until a person lets it go on;
 * yellow only tells people. The same again tells nobody. Answers false for an unknown channel.
 */
export async function noteQuality(
  db: Queryable,
  given: { workspaceId: string; channelId: string; quality: ChannelQuality; reason: string },
): Promise<boolean> {
  const { workspaceId, channelId, quality, reason } = given;
  const found = await setQuality(db, given);
  if (!found) return false;
  const alert = { id: newId('alert'), workspaceId, event: 'channel.warning' as const, subject: channelId, link: `/channels/${channelId}` };
  if (quality === 'red' && (await pauseAutomation(db, { ...given, reason })))
    await insertAlertOnce(db, {
      ...alert,
      title: `Automation is paused on "${found.name}"`,
      detail: `People blocked or reported it too often. ${reason} What your team writes still goes out. Let automation go on under Channels.`,
    });
  if (quality === 'yellow' && found.before !== 'yellow')
    await insertAlertOnce(db, {
      ...alert,
      title: `The quality of "${found.name}" is dropping`,
      detail: `${reason} Send only what people asked for; if it drops further, automation is paused.`,
    });
  notifyLive(db, workspaceId, { kind: 'channel', channel: channelId });
  return true;
}

async function setQuality(
  db: Queryable,
  args: { workspaceId: string; channelId: string; quality: ChannelQuality },
): Promise<{ before: ChannelQuality | null; name: string } | null> {
  const { rows } = await db.query<{ before: ChannelQuality | null; name: string }>(
    `update channels c set quality = $3 from channels o where c.id = $2 and c.workspace_id = $1 and o.id = c.id returning o.quality as before, c.name`,
    [args.workspaceId, args.channelId, args.quality],
  );
  return rows[0] ?? null;
}

/** Answers whether it was this call that paused it, so that people are told once. */
async function pauseAutomation(db: Queryable, args: { workspaceId: string; channelId: string; reason: string }): Promise<boolean> {
  const result = await db.query(
    `update channels set automation_paused = jsonb_build_object('code', 'send.quality', 'reason', $3::text, 'at', iso(now())) where id = $2 and workspace_id = $1 and automation_paused is null`,
    [args.workspaceId, args.channelId, args.reason],
  );
  return result.rowCount === 1;
}

/** A person looked and lets automation go on; the warm-up begins anew. Answers false when nothing was paused. */
export async function resumeAutomation(db: Queryable, args: { workspaceId: string; channelId: string }): Promise<boolean> {
  const result = await db.query(
    'update channels set automation_paused = null, warm_since = now() where id = $2 and workspace_id = $1 and automation_paused is not null',
    [args.workspaceId, args.channelId],
  );
  return result.rowCount === 1;
}

/** How many people a day the provider lets this channel write to first; null when it says that there is no limit. */
export async function setMessagingLimit(
  db: Queryable,
  args: { workspaceId: string; channelId: string; people: number | null },
): Promise<void> {
  await db.query('update channels set messaging_limit = $3 where id = $2 and workspace_id = $1', [
    args.workspaceId,
    args.channelId,
    args.people ?? -1,
  ]);
}
