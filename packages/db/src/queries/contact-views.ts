import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface IdentityView {
  id: string;
  channelKind: string;
  address: string;
}

export interface ContactSummaryView {
  id: string;
  name: string;
  language: string;
  identities: IdentityView[];
  conversations: number;
  lastMessageAt: string | null;
}

const identitiesJson = `coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'channelKind', i.channel_kind, 'address', i.address) order by i.created_at, i.id) from identities i where i.contact_id = c.id), '[]')`;
const summary = `c.id, c.name, c.language, ${identitiesJson} as identities,
  (select count(*)::int from conversations k where k.contact_id = c.id) as conversations,
  (select iso(max(k.last_message_at)) from conversations k where k.contact_id = c.id) as "lastMessageAt"`;

/** By name, then id. Finds part of a name, of an address, or of what staff noted. */
export async function listContacts(
  db: Queryable,
  args: {
    workspaceId: string;
    search: string | null /** The last row of the page before. */;
    after: string | null;
    limit: number;
    except: string | null;
  },
): Promise<ContactSummaryView[]> {
  const { rows } = await db.query<ContactSummaryView>(
    `select ${summary} from contacts c
      where c.workspace_id = $1 and c.merged_into is null and c.id is distinct from $5
        and ($2::text is null or c.name ilike $2 or exists (select 1 from identities i where i.contact_id = c.id and i.address ilike $2)
          or exists (select 1 from contact_notes n where n.contact_id = c.id and n.text ilike $2))
        and ($3::text is null or (lower(c.name), c.id) > (select lower(p.name), p.id from contacts p where p.id = $3 and p.workspace_id = $1))
      order by lower(c.name), c.id limit $4`,
    [args.workspaceId, args.search === null ? null : `%${args.search.replace(/[\\%_]/g, '\\$&')}%`, args.after, args.limit, args.except],
  );
  return rows;
}

export interface ContactView extends ContactSummaryView {
  attributes: JsonObject;
  notes: { id: string; text: string; by: string; at: string }[];
  /** What each address asked for, or allowed. */
  wishes: { channelKind: string; address: string; purpose: 'service' | 'marketing'; isAllowed: boolean; since: string; source: string }[];
  /** Addresses that can't be written to at all. */
  suppressed: { channelKind: string; address: string; reason: string; since: string }[];
  merges: { id: string; contact: string; name: string; by: string; at: string }[];
  mergedInto: string | null;
  createdAt: string;
}

const addressesOf = 'select i.channel_kind, i.address from identities i where i.contact_id = c.id';

export async function loadContact(db: Queryable, args: { workspaceId: string; id: string }): Promise<ContactView | null> {
  const { rows } = await db.query<ContactView>(
    `select ${summary}, c.attributes, c.merged_into as "mergedInto", iso(c.created_at) as "createdAt",
        coalesce((select jsonb_agg(jsonb_build_object('id', n.id, 'text', n.text, 'by', n.by_name, 'at', iso(n.created_at)) order by n.created_at desc, n.id desc)
          from contact_notes n where n.contact_id = c.id), '[]') as notes,
        coalesce((select jsonb_agg(jsonb_build_object('channelKind', w.channel_kind, 'address', w.address, 'purpose', w.purpose, 'isAllowed', w.allowed, 'since', iso(w.since), 'source', w.source) order by w.since desc)
          from (select channel_kind, address, purpose, false as allowed, since, source from opt_outs where workspace_id = $1 and (channel_kind, address) in (${addressesOf})
            union all select channel_kind, address, purpose, true, since, source from consents where workspace_id = $1 and (channel_kind, address) in (${addressesOf})) w), '[]') as wishes,
        coalesce((select jsonb_agg(jsonb_build_object('channelKind', s.channel_kind, 'address', s.address, 'reason', s.reason, 'since', iso(s.since)))
          from suppressions s where s.workspace_id = $1 and (s.channel_kind, s.address) in (${addressesOf})), '[]') as suppressed,
        coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'contact', m.merged_id, 'name', o.name, 'by', m.merged_by, 'at', iso(m.merged_at)) order by m.merged_at desc)
          from contact_merges m join contacts o on o.id = m.merged_id where m.kept_id = c.id and m.unmerged_at is null), '[]') as merges
      from contacts c where c.workspace_id = $1 and c.id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}
