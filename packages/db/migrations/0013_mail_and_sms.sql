-- How far each folder of a mailbox is read. Saved with the rows that it brought, so that a mail is neither lost nor taken in twice.
create table mail_cursors (
  channel_id text not null references channels (id) on delete cascade,
  workspace_id text not null references workspaces (id) on delete cascade,
  folder text not null,
  -- IMAP: when this changes, the server has numbered its mails anew.
  uid_validity bigint not null,
  last_uid bigint not null,
  updated_at timestamptz not null default now(),
  primary key (channel_id, folder)
);

-- A person's conversations, for the thread that a mail belongs to.
create index if not exists conversations_of_contact on conversations (contact_id);
