import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** A text that a provider has approved for a channel, or is asked to approve. */
export interface MessageTemplateRow {
  channelId: string;
  name: string;
  language: string;
  providerId: string;
  category: string;
  status: string;
  quality: string | null;
  reason: string | null;
  isNamed: boolean;
  components: JsonValue[];
  syncedAt: string;
}
export type NewMessageTemplate = Omit<MessageTemplateRow, 'channelId' | 'syncedAt'>;

const columns = `t.channel_id as "channelId", t.name, t.language, t.provider_id as "providerId", t.category, t.status, t.quality, t.reason, t.is_named as "isNamed",
  t.components, iso(t.synced_at) as "syncedAt"`;

/** What the provider lists now replaces what was known: a template that it no longer lists is gone. One statement. */
export async function replaceMessageTemplates(
  db: Queryable,
  args: { workspaceId: string; channelId: string; templates: readonly NewMessageTemplate[] },
): Promise<void> {
  await db.query(
    `with given as (
        select * from jsonb_to_recordset($3) as g (name text, language text, "providerId" text, category text, status text, quality text, reason text, "isNamed" boolean, components jsonb)
      ), gone as (
        delete from message_templates t where t.channel_id = $2 and t.workspace_id = $1
          and not exists (select 1 from given g where g.name = t.name and g.language = t.language)
      )
      insert into message_templates (workspace_id, channel_id, name, language, provider_id, category, status, quality, reason, is_named, components)
      select $1, $2, name, language, "providerId", category, status, quality, reason, "isNamed", components from given
      on conflict (channel_id, name, language) do update set provider_id = excluded.provider_id, category = excluded.category, status = excluded.status,
        quality = coalesce(excluded.quality, message_templates.quality), reason = excluded.reason, is_named = excluded.is_named, components = excluded.components, synced_at = now()`,
    [args.workspaceId, args.channelId, JSON.stringify(args.templates)],
  );
}

/** What a webhook says of one template; null leaves a field as it is. Answers false for one that is not known yet. */
export async function changeMessageTemplate(
  db: Queryable,
  args: {
    workspaceId: string;
    channelId: string;
    name: string;
    language: string;
    status: string | null;
    quality: string | null;
    category: string | null;
    reason: string | null;
  },
): Promise<boolean> {
  const result = await db.query(
    `update message_templates set status = coalesce($5, status), quality = coalesce($6, quality), category = coalesce($7, category),
            reason = case when $5 is null then reason else $8 end, synced_at = now()
      where channel_id = $2 and workspace_id = $1 and name = $3 and language = $4`,
    [args.workspaceId, args.channelId, args.name, args.language, args.status, args.quality, args.category, args.reason],
  );
  return result.rowCount === 1;
}

/** All templates of a workspace, or of one channel. */
export async function listMessageTemplates(
  db: Queryable,
  args: { workspaceId: string; channelId: string | null },
): Promise<MessageTemplateRow[]> {
  const { rows } = await db.query<MessageTemplateRow>(
    `select ${columns} from message_templates t where t.workspace_id = $1 and ($2::text is null or t.channel_id = $2) order by t.name, t.language, t.channel_id`,
    [args.workspaceId, args.channelId],
  );
  return rows;
}

/** The template that a send names, as far as it is known. */
export async function findMessageTemplate(
  db: Queryable,
  args: { workspaceId: string; channelId: string; name: string; language: string },
): Promise<MessageTemplateRow | null> {
  const { rows } = await db.query<MessageTemplateRow>({
    name: 'find-message-template',
    text: `select ${columns} from message_templates t where t.channel_id = $2 and t.workspace_id = $1 and t.name = $3 and t.language = $4`,
    values: [args.workspaceId, args.channelId, args.name, args.language],
  });
  return rows[0] ?? null;
}
