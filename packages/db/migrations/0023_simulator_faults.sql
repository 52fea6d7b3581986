-- What a simulated customer's calls are to meet, step by step. Real channels know no such thing.
create table simulator_faults (
  workspace_id text not null references workspaces (id) on delete cascade,
  flow_id text not null references flows (id) on delete cascade,
  contact text not null, -- the address on the simulator
  node_id text not null,
  fault text not null check (fault in ('timeout', 'limited', 'broken', 'garbage', 'hang')),
  primary key (workspace_id, flow_id, contact, node_id)
);
