import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import type { Purpose } from './reach.ts';

/** Where a conversation's messages go, and everything that may forbid or put off an automated one. */
export interface SendTarget {
  conversationId: string;
  address: string;
  isGroup: boolean;
  heldBy: string;
  unreachable: JsonValue;
  /** Until when the provider holds marketing back from this person. */
  cappedUntil: Date | null;
  thread: JsonObject;
  channelId: string;
  workspaceId: string;
  kind: string;
  name: string;
  status: string;
  config: JsonObject;
  secret: Buffer | null;
  keyId: string | null;
  sendsPausedAt: Date | null;
  /** A person holds everything back that goes out by this channel. */
  callsPausedAt: Date | null;
  /** By the database's clock. */
  now: Date;
  /** Until when free text may be sent; null: the customer never opened a window. */
  windowUntil: Date | null;
  lastInAt: Date | null;
  initiatedAt: Date | null;
  /** Of all the contact's addresses on this kind of channel. */
  optOuts: Purpose[];
  consents: Purpose[];
  /** Why the address is on the list of those not to write to. */
  suppression: string | null;
  /** Automated messages in this conversation in the last minute beyond what the customer wrote, and in the last hour altogether. */
  beyondPerMinute: number;
  sentPerHour: number;
  /** Others whom this channel sent the same words to in the last hour, where we wrote first. */
  sameTextPeople: number;
  quality: string | null;
  warmSince: Date;
  /** People a day whom the provider lets the channel write to first; -1: any; null: it never said. */
  messagingLimit: number | null;
  automationPaused: JsonValue;
  /** The contact's own time zone, where it is known. */
  timezone: string | null;
  /** The workspace's `sending` settings. */
  sending: JsonValue;
  /** What the provider last said of the template that was asked for; null when it knows none of that name and language. */
  template: TemplateFacts | null;
}

export interface TemplateFacts {
  category: string;
  status: string;
  isNamed: boolean;
  components: JsonValue[];
}

const query = `select v.id as "conversationId", v.address, v.is_group as "isGroup", v.held_by as "heldBy", v.unreachable, v.capped_until as "cappedUntil", v.thread, h.id as "channelId", v.workspace_id as "workspaceId",
    h.kind, h.name, h.status, h.config, h.secret, h.key_id as "keyId", w.sends_paused_at as "sendsPausedAt",
    (select p.paused_at from providers p where p.workspace_id = v.workspace_id and p.key = 'channel:' || h.id) as "callsPausedAt", now() as now,
    v.window_until as "windowUntil", v.last_in_at as "lastInAt", v.initiated_at as "initiatedAt",
    h.quality, h.warm_since as "warmSince", h.messaging_limit as "messagingLimit", h.automation_paused as "automationPaused", c.timezone,
    array(select distinct o.purpose from opt_outs o where o.workspace_id = v.workspace_id and o.channel_kind = h.kind
      and (o.address = v.address or o.address in (select i.address from identities i where i.contact_id = v.contact_id and i.channel_kind = h.kind))) as "optOuts",
    array(select distinct o.purpose from consents o where o.workspace_id = v.workspace_id and o.channel_kind = h.kind
      and (o.address = v.address or o.address in (select i.address from identities i where i.contact_id = v.contact_id and i.channel_kind = h.kind))) as consents,
    (select s.reason from suppressions s where s.workspace_id = v.workspace_id and s.channel_kind = h.kind and s.address in (v.address, split_part(v.address, '#', 1)) limit 1) as suppression,
    said.beyond as "beyondPerMinute", said.sent as "sentPerHour",
    case when $3::text is null then 0 else (select count(distinct e.conversation_id)::int from effects e
      where e.channel_id = h.id and e.text_hash = $3 and e.created_at > now() - interval '1 hour' and e.conversation_id <> v.id) end as "sameTextPeople",
    (select s.value from settings s where s.workspace_id = w.id and s.key = 'sending') as sending,
    (select jsonb_build_object('category', t.category, 'status', t.status, 'isNamed', t.is_named, 'components', t.components) from message_templates t
      where t.channel_id = h.id and t.name = $4 and t.language = $5) as template
  from conversations v join channels h on h.id = v.channel_id join workspaces w on w.id = v.workspace_id join contacts c on c.id = v.contact_id,
    lateral (select count(*) filter (where m.author = 'bot')::int as sent,
        (count(*) filter (where m.author = 'bot' and m.created_at > now() - interval '1 minute') - count(*) filter (where m.direction = 'in' and m.created_at > now() - interval '1 minute'))::int as beyond
      from messages m where m.conversation_id = v.id and m.created_at > now() - interval '1 hour' and m.author in ('bot', 'customer')) as said
  where v.id = $1 and v.workspace_id = $2`;

interface Asked {
  workspaceId: string;
  conversationId: string;
  /** Of what is to be said, where we write first; null: don't count. */
  textHash?: string | null;
  template?: { name: string; language: string } | null;
}

const valuesOf = ({ workspaceId, conversationId, textHash, template }: Asked) => [
  conversationId,
  workspaceId,
  textHash ?? null,
  template?.name ?? null,
  template?.language ?? null,
];

export async function loadSendTarget(db: Queryable, asked: Asked): Promise<SendTarget | null> {
  const { rows } = await db.query<SendTarget>({
    name: 'load-send-target',
    text: query,
    values: valuesOf(asked),
  });
  return rows[0] ?? null;
}

/** In a send's transaction before GUARD: whoever locks both takes the conversation first, so nobody waits in a circle. */
export async function lockSendTarget(client: Queryable, asked: Asked): Promise<SendTarget | null> {
  const { rows } = await client.query<SendTarget>({
    name: 'lock-send-target',
    text: `${query} for key share of v`,
    values: valuesOf(asked),
  });
  return rows[0] ?? null;
}
