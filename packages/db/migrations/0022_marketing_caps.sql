-- The provider holds marketing back from somebody who got much of it lately: until then we send them none either.
alter table conversations add column capped_until timestamptz;
