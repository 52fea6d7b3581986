-- How many journal entries a run has. Writers compare it before they append: whoever decided on an older journal decides
-- again, so a late result never follows an entry that makes it senseless.
alter table runs add column entries integer not null default 0;
update runs r set entries = (select count(*) from journal j where j.run_id = r.id);
