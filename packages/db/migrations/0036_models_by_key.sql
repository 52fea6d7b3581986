-- The key that a workspace uses where a step names none was an account of its own beside the same key named: two limits, two breakers, and a pause that held
-- half of its calls. It is one account now; what people had set for it goes along.
insert into providers (workspace_id, key, kind, name, limits, paused_at, paused_by, pause_note, draining_at, changed_at)
  select p.workspace_id, p.kind || ':' || c.id, p.kind, c.name, p.limits, p.paused_at, p.paused_by, p.pause_note, p.draining_at, clock_timestamp()
    from providers p, lateral (select id, name from credentials c where c.workspace_id = p.workspace_id and c.kind = p.kind order by c.created_at, c.id limit 1) c
    where p.kind in ('groq', 'claude', 'openai-compatible') and p.key = p.kind || ':first'
  on conflict (workspace_id, key) do nothing;
delete from providers where kind in ('groq', 'claude', 'openai-compatible') and key = kind || ':first';
