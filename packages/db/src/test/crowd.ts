import type { Pool } from '../pool.ts';

/** An installation some months old: 100,000 runs with their journal, inbox and messages, 3,000 of them open. For tests only. */
export async function fillWithHistory(pool: Pool): Promise<void> {
  for (const statement of history) await pool.query(statement);
  for (const table of ['runs', 'journal', 'inbox', 'messages', 'conversations', 'effects', 'contacts', 'handoffs', 'overrides'])
    await pool.query(`vacuum (analyze) ${table}`);
}

const history = [
  `insert into workspaces (id, name, slug) values ('ws', 'Kelp & Co', 'kelp')`,
  `insert into channels (id, workspace_id, kind, name) values ('ch', 'ws', 'simulator', 'Simulator')`,
  `insert into flows (id, workspace_id, name, draft) select 'flow_' || n, 'ws', 'Flow ' || n, '{}' from generate_series(1, 20) n`,
  `insert into versions (flow_id, id, workspace_id, number, file) select 'flow_' || n, 'v', 'ws', 1, '{}' from generate_series(1, 20) n`,
  `insert into contacts (id, workspace_id, name) select 'contact_' || n, 'ws', 'Person ' || n from generate_series(1, 20000) n`,
  `insert into conversations (id, workspace_id, channel_id, contact_id, address, ready_at)
     select 'conv_' || n, 'ws', 'ch', 'contact_' || n, 'chat-' || n, case when n % 2000 = 0 then now() end from generate_series(1, 20000) n`,
  // The newest 3,000 are open: waiting in Temporal, to be started, queued, executed.
  `insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, status, lane, owner, source, input, conversation_id, waiting_for, wake_at, ring_at, started_at, updated_at, ended_at)
     select 'run_' || lpad(n::text, 6, '0'), 'ws', 'flow_' || (n % 20 + 1), 'v', 'start', s.status, s.lane, case when s.lane in ('express', 'temporal') then 'owner_' || n % 7 end,
       'channel', '{"text": "Hello"}', 'conv_' || (n % 20000 + 1), case when s.status = 'waiting' then 'reply' end,
       case when s.status = 'waiting' then now() + n * interval '1 minute' end, case when s.lane = 'handover' then now() end,
       now() - (100000 - n) * interval '1 minute', now() - (100000 - n) * interval '1 minute', case when s.lane = 'ended' then now() end
     from generate_series(1, 100000) n, lateral (
       select case when n <= 97000 then 'ended' when n <= 99000 then 'waiting' else 'running' end as status,
         case when n <= 97000 then 'ended' when n <= 99400 then 'temporal' when n <= 99700 then 'handover' when n <= 99900 then 'queued' else 'express' end as lane) s`,
  `insert into journal (run_id, workspace_id, kind, step_id, node_id, epoch, entry)
     select 'run_' || lpad(n::text, 6, '0'), 'ws', k.kind, k.step || n, 'start', 1, '{}' from generate_series(1, 100000) n,
       (values ('step-ended', 't')) as k (kind, step)`,
  `insert into messages (id, workspace_id, conversation_id, direction, author, text, status, run_id, step_id)
     select 'msg_' || n, 'ws', 'conv_' || (n % 20000 + 1), case n % 2 when 0 then 'in' else 'out' end, 'bot', 'Hello', 'sent', 'run_' || lpad(n::text, 6, '0'), 't' || n from generate_series(1, 30000) n`,
  `insert into inbox (id, workspace_id, channel_id, event_id, kind, conversation_id, message_id, payload, state)
     select 'event_' || n, 'ws', 'ch', 'e' || n, 'message', 'conv_' || (n % 20000 + 1), 'msg_' || n, '{}', case when n % 2000 = 0 then 'pending' else 'consumed' end from generate_series(1, 100000) n`,
  `insert into effects (key, workspace_id, kind, run_id, step_id, message_id, channel_id, conversation_id, author, state, payload_hash)
     select 't' || n || ':send', 'ws', 'send', 'run_' || lpad(n::text, 6, '0'), 't' || n, 'msg_' || n, 'ch', 'conv_' || (n % 20000 + 1), 'bot', 'accepted', 'h' from generate_series(1, 30000) n`,
  `insert into handoffs (id, workspace_id, conversation_id, run_id, step_id, node_id, status, reason, ended_at)
     select 'handoff_' || n, 'ws', 'conv_' || n, 'run_' || lpad(n::text, 6, '0'), 't' || n, 'person', case when n <= 9950 then 'closed' else 'open' end, 'asked', case when n <= 9950 then now() end from generate_series(1, 10000) n`,
  `insert into overrides (id, workspace_id, run_id, action, by_name, applied_at) select 'override_' || n, 'ws', 'run_' || lpad(n::text, 6, '0'), 'pause', 'Ana', now() from generate_series(1, 5000) n`,
];
