import { flatView } from './target.ts';

/** The export's columns, as a view over the mirror's tables. The same words for PostgreSQL and Oracle. */
export const flatViewSql = `create or replace view ${flatView} as
select m.id, m.workspace_id, m.created_at, m.platform, h.name as channel, c.name as contact, k.contact_id, k.address, m.direction, m.author, m.author_name, m.text, m.status,
  m.model, m.input_tokens, m.output_tokens, m.cost_microusd, m.conversation_id, m.run_id, m.node_id
from holdfast_messages m
join holdfast_conversations k on k.id = m.conversation_id
join holdfast_channels h on h.id = k.channel_id
join holdfast_contacts c on c.id = k.contact_id`;
