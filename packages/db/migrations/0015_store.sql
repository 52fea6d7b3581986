-- The conversation store: found by its words, in any language ('simple' knows no stems and drops no words).
alter table messages add column words tsvector generated always as (to_tsvector('simple', text)) stored;
create index messages_by_words on messages using gin (words);
create index messages_by_run on messages (run_id) where run_id is not null;
create index messages_recent on messages (workspace_id, created_at, id);

-- How long a channel's messages are kept, in days; null: for ever.
alter table channels add column keep_days integer check (keep_days between 1 and 36500);
