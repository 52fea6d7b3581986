-- Files that came with a message and are still at its provider: the message is committed first, its files are fetched afterwards, again and again if need be.
create table inbound_files (
  message_id text not null references messages (id) on delete cascade,
  position integer not null, -- in the message's attachments
  workspace_id text not null references workspaces (id) on delete cascade,
  channel_id text not null references channels (id) on delete cascade,
  conversation_id text not null references conversations (id) on delete cascade,
  provider_file_id text not null,
  attempt integer not null default 0,
  due_at timestamptz not null default now(), -- moved ahead while somebody fetches it
  hold_until timestamptz, -- until then no run reads the conversation's messages without it; null: nobody waits for it
  received_at timestamptz not null default now(),
  primary key (message_id, position)
);
create index inbound_files_due on inbound_files (due_at);
create index inbound_files_of_conversation on inbound_files (conversation_id);
