-- A point in time as the API writes it: 2026-01-31T12:00:00.000Z. Queries for the API use it instead of converting rows.
create function iso(at timestamptz) returns text language sql stable strict parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
