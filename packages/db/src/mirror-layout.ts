/** What a column holds, in words that every kind of database has a type for. `json` is JSON as text, `word` a short text, `text` one of any length. */
export type MirrorColumnType = 'id' | 'word' | 'text' | 'json' | 'time' | 'integer' | 'flag';

export interface MirrorColumn {
  name: string;
  type: MirrorColumnType;
  /** Where it comes from here. */
  source: string;
  /** For docs/mirror.md. */
  note: string;
}

export interface MirrorTable {
  /** Here. There it is called the same, after `holdfast_`. */
  name: 'channels' | 'contacts' | 'identities' | 'conversations' | 'messages';
  /** Source of the rows, of which `id` and `workspace_id` belong to the alias `t`. */
  from: string;
  columns: readonly MirrorColumn[];
}

/** Raise it when `mirrorTables` changes: mirrors are then copied anew by themselves, and get the new columns. */
export const mirrorLayout = 1;

const column = (name: string, type: MirrorColumnType, note: string, source = `t.${name}`): MirrorColumn => ({ name, type, source, note });

const shared = [column('id', 'id', 'Primary key'), column('workspace_id', 'id', 'Workspace')];
const createdAt = column('created_at', 'time', 'When the row was made');

/** The conversation store as its mirror has it. People query these columns: names and meanings stay, new ones come at the end. */
export const mirrorTables: readonly MirrorTable[] = [
  {
    name: 'channels',
    from: 'channels t',
    columns: [
      ...shared,
      column('platform', 'word', '`whatsapp`, `telegram`, `email`, `sms`, `simulator`', 't.kind'),
      column('name', 'word', 'As staff call it'),
      createdAt,
    ],
  },
  {
    name: 'contacts',
    from: 'contacts t',
    columns: [
      ...shared,
      column('name', 'word', ''),
      column('language', 'word', 'ISO 639-1, or empty'),
      column('timezone', 'word', 'IANA name'),
      column('attributes', 'json', 'What flows and staff keep of the contact', 't.attributes::text'),
      column('merged_into', 'id', 'The contact that this one was joined into'),
      createdAt,
      column('updated_at', 'time', ''),
    ],
  },
  {
    name: 'identities',
    from: 'identities t',
    columns: [
      ...shared,
      column('contact_id', 'id', 'Whose address it is'),
      column('platform', 'word', '', 't.channel_kind'),
      column('address', 'word', 'Phone (E.164), email address, chat id'),
      createdAt,
    ],
  },
  {
    name: 'conversations',
    from: 'conversations t join channels h on h.id = t.channel_id',
    columns: [
      ...shared,
      column('channel_id', 'id', ''),
      column('contact_id', 'id', ''),
      column('platform', 'word', 'Its channel’s', 'h.kind'),
      column('address', 'word', 'With whom, without our thread marks', `split_part(t.address, '#', 1)`),
      column('is_group', 'flag', ''),
      column('held_by', 'word', '`bot` or `person`'),
      column('last_message_at', 'time', ''),
      createdAt,
    ],
  },
  {
    name: 'messages',
    from: 'messages t join conversations k on k.id = t.conversation_id join channels h on h.id = k.channel_id',
    columns: [
      ...shared,
      column('conversation_id', 'id', ''),
      column('platform', 'word', 'Its channel’s', 'h.kind'),
      column('direction', 'word', '`in` or `out`'),
      column('author', 'word', '`customer`, `bot` or `human`'),
      column('author_id', 'id', 'The colleague or API key who wrote it', 't.author_user_id'),
      column(
        'author_name',
        'word',
        'Their name as it is now',
        'coalesce((select name from users where id = t.author_user_id), (select name from api_keys where id = t.author_user_id))',
      ),
      column('text', 'text', 'The words, without formatting'),
      column('content', 'json', 'Attachments, buttons, quote, formatted source', 't.content::text'),
      column('status', 'word', '`received`, `planned`, `accepted`, `sent`, `delivered`, `read`, `failed`, …'),
      column('problem_code', 'word', 'Why it failed', `t.problem ->> 'code'`),
      column('problem_detail', 'text', '', `t.problem ->> 'detail'`),
      column('provider_message_id', 'word', 'As the provider calls it'),
      column('purpose', 'word', '`service` or `marketing`'),
      column('run_id', 'id', 'The run that sent or read it'),
      column('node_id', 'word', 'The step of its flow'),
      column('step_id', 'word', 'That step in that run'),
      column('model', 'word', 'The model that wrote it'),
      column('input_tokens', 'integer', ''),
      column('output_tokens', 'integer', ''),
      column('cost_microusd', 'integer', 'Cost of the model, millionths of a US dollar'),
      column('price_micro', 'integer', 'Price of the channel, millionths of `price_currency`'),
      column('price_currency', 'word', ''),
      column('price_category', 'word', 'As the provider names it', `t.pricing ->> 'category'`),
      column('metadata', 'json', 'Reactions, earlier versions of an edited text, provider’s facts', 't.metadata::text'),
      column('sent_at', 'time', 'By the provider’s clock'),
      column('delivered_at', 'time', ''),
      column('read_at', 'time', ''),
      column('edited_at', 'time', ''),
      createdAt,
    ],
  },
];
