import type { Attachment, JsonObject, MessageButton, MessageQuote } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { searchTerms } from './search-terms.ts';

export interface ConversationView {
  id: string;
  channel: { id: string; kind: string; name: string };
  contact: { id: string; name: string; language: string; attributes: JsonObject };
  heldBy: 'bot' | 'person';
  holder: string | null;
  lastMessage: string;
  lastMessageAt: string;
  activeRun: string | null;
  isGroup: boolean;
  windowUntil: string | null;
}
const conversationJson = `jsonb_build_object('id', k.id, 'channel', jsonb_build_object('id', ch.id, 'kind', ch.kind, 'name', ch.name),
  'contact', jsonb_build_object('id', ct.id, 'name', ct.name, 'language', ct.language, 'attributes', ct.attributes),
  'heldBy', k.held_by, 'holder', coalesce((select name from users where id = k.holder_user_id), (select name from api_keys where id = k.holder_user_id)),
  'lastMessage', coalesce((select left(text, 200) from messages where conversation_id = k.id order by created_at desc, id desc limit 1), ''),
  'lastMessageAt', iso(k.last_message_at), 'activeRun', k.active_run_id, 'isGroup', k.is_group, 'windowUntil', iso(k.window_until))`;
const conversationTables = 'conversations k join channels ch on ch.id = k.channel_id join contacts ct on ct.id = k.contact_id';

export interface ConversationFilter {
  workspaceId: string;
  /** `lastMessageAt` and id of the last row of the page before. */
  before: { at: string; id: string } | null;
  limit: number;
  channelId: string | null;
  contactId: string | null;
  search: string | null;
}

export async function listConversationViews(db: Queryable, filter: ConversationFilter): Promise<ConversationView[]> {
  const { words, pattern } = searchTerms(filter.search);
  const { rows } = await db.query<{ view: ConversationView }>(
    `select ${conversationJson} as view from ${conversationTables}
      where k.workspace_id = $1 and ($2::text is null or (date_trunc('milliseconds', k.last_message_at), k.id) < ($2::timestamptz, $3))
        and ($5::text is null or k.channel_id = $5) and ($6::text is null or k.contact_id = $6)
        and ($7::text is null or ct.name ilike $7 or exists (select 1 from messages m where m.conversation_id = k.id and (m.words @@ to_tsquery('simple', $8) or m.text ilike $9)))
      order by date_trunc('milliseconds', k.last_message_at) desc, k.id desc limit $4`,
    [
      filter.workspaceId,
      filter.before?.at ?? null,
      filter.before?.id ?? '',
      filter.limit,
      filter.channelId,
      filter.contactId,
      filter.search === null ? null : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`,
      words,
      pattern,
    ],
  );
  return rows.map((row) => row.view);
}

export async function loadConversationView(db: Queryable, args: { workspaceId: string; id: string }): Promise<ConversationView | null> {
  const { rows } = await db.query<{ view: ConversationView }>(
    `select ${conversationJson} as view from ${conversationTables} where k.workspace_id = $1 and k.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0]?.view ?? null;
}

export interface MessageView {
  id: string;
  conversation: string;
  direction: 'in' | 'out';
  author: 'customer' | 'bot' | 'human';
  authorName: string | null;
  text: string;
  content: { buttons?: MessageButton[]; attachments?: Attachment[]; button?: MessageButton; formatted?: string; quote?: MessageQuote };
  status: string;
  problem: { code: string; title: string; detail: string } | null;
  run: string | null;
  node: string | null;
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicroUsd: number | null;
  price: { micro: number | null; currency: string | null; category: string | null; isEstimate: boolean } | null;
  at: string;
  editedAt: string | null;
  metadata: JsonObject;
}
/** Of `messages m`. */
export const messageColumns = `m.id, m.conversation_id as conversation, m.direction, m.author,
  case m.author when 'human' then coalesce((select name from users where id = m.author_user_id), (select name from api_keys where id = m.author_user_id)) when 'customer' then (select c.name from conversations k join contacts c on c.id = k.contact_id where k.id = m.conversation_id) end as "authorName",
  m.text, m.content, m.status, m.problem, m.run_id as run, m.node_id as node, m.model, m.input_tokens as "inputTokens", m.output_tokens as "outputTokens",
  m.cost_microusd as "costMicroUsd",
  case when m.pricing is not null or m.price_micro is not null then jsonb_build_object('micro', m.price_micro, 'currency', m.price_currency, 'category', m.pricing ->> 'category', 'isEstimate', coalesce((m.pricing ->> 'isEstimate')::boolean, false)) end as price,
  iso(m.created_at) as at, iso(m.edited_at) as "editedAt", m.metadata`;

/** Newest first; `before` is the last id of the page before. */
export async function listMessageViews(
  db: Queryable,
  args: { workspaceId: string; conversationId: string; before: string | null; limit: number },
): Promise<MessageView[]> {
  const { rows } = await db.query<MessageView>(
    `select ${messageColumns} from messages m
      where m.workspace_id = $1 and m.conversation_id = $2
        and ($3::text is null or (m.created_at, m.id) < (select created_at, id from messages where id = $3 and conversation_id = $2))
      order by m.created_at desc, m.id desc limit $4`,
    [args.workspaceId, args.conversationId, args.before, args.limit],
  );
  return rows;
}

export async function loadMessageView(db: Queryable, args: { workspaceId: string; id: string }): Promise<MessageView | null> {
  const { rows } = await db.query<MessageView>(`select ${messageColumns} from messages m where m.workspace_id = $1 and m.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export interface HandoffView {
  id: string;
  status: 'open' | 'claimed' | 'returned' | 'closed';
  reason: string;
  details: JsonObject;
  conversation: ConversationView;
  run: { id: string; flow: string; flowId: string; node: string | null } | null;
  /** The name of the step where the bot goes on. */
  nodeName: string | null;
  path: string[];
  openedAt: string;
  claimedBy: string | null;
  claimedAt: string | null;
  endedAt: string | null;
}
const stepName = (node: string) =>
  `(select coalesce(nullif(n ->> 'name', ''), n ->> 'id') from jsonb_array_elements(v.file -> 'nodes') n where n ->> 'id' = ${node} limit 1)`;
const handoffColumns = `h.id, h.status, h.reason, h.details, ${conversationJson} as conversation,
  case when r.id is null then null else jsonb_build_object('id', r.id, 'flow', f.name, 'flowId', f.id, 'node', h.node_id) end as run,
  ${stepName('h.node_id')} as "nodeName",
  coalesce((select jsonb_agg(${stepName('j.node_id')} order by j.seq) from journal j where j.run_id = h.run_id and j.kind in ('run-started', 'step-ended') and j.at <= coalesce(h.ended_at, 'infinity')), '[]') as path,
  iso(h.opened_at) as "openedAt", coalesce((select name from users where id = h.claimed_by), (select name from api_keys where id = h.claimed_by)) as "claimedBy", iso(h.claimed_at) as "claimedAt", iso(h.ended_at) as "endedAt"`;
const handoffTables = `handoffs h join conversations k on k.id = h.conversation_id join channels ch on ch.id = k.channel_id join contacts ct on ct.id = k.contact_id
  left join runs r on r.id = h.run_id left join flows f on f.id = r.flow_id left join versions v on v.flow_id = r.flow_id and v.id = r.version_id`;

export async function listHandoffViews(
  db: Queryable,
  args: { workspaceId: string; before: string | null; limit: number; statuses: string[] },
): Promise<HandoffView[]> {
  const { rows } = await db.query<HandoffView>(
    `select ${handoffColumns} from ${handoffTables} where h.workspace_id = $1 and h.status = any ($2) and ($3::text is null or h.id < $3) order by h.id desc limit $4`,
    [args.workspaceId, args.statuses, args.before, args.limit],
  );
  return rows;
}

export async function loadHandoffView(db: Queryable, args: { workspaceId: string; id: string }): Promise<HandoffView | null> {
  const { rows } = await db.query<HandoffView>(`select ${handoffColumns} from ${handoffTables} where h.workspace_id = $1 and h.id = $2`, [
    args.workspaceId,
    args.id,
  ]);
  return rows[0] ?? null;
}

export async function loadContactView(
  db: Queryable,
  args: { workspaceId: string; id: string },
): Promise<{ id: string; name: string; language: string; attributes: JsonObject } | null> {
  const { rows } = await db.query<{ id: string; name: string; language: string; attributes: JsonObject }>(
    'select id, name, language, attributes from contacts where workspace_id = $1 and id = $2',
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}
