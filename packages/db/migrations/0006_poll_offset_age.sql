-- After a week without updates Telegram may count them anew from a lower number; an offset that old must not be asked with.
alter table channels add column poll_offset_at timestamptz;
