/**
 * The common table expressions that let flows take turns: `turns` holds the first `limit` runs of a lane, the first of every flow before the second of
 * any, in their order within a flow. A flow with thousands of runs does not keep another's one waiting. It hops from flow to flow in an index
 * on (flow_id, <by>) where lane = <lane>, so its cost is the number of flows that have any, not of runs. Only what is locked afterwards is taken:
 * it reads ahead, so that several processes that look at once find different runs.
 */
export const turns = ({
  lane,
  by,
  isDue = 'true',
  limit,
}: {
  lane: 'queued' | 'handover';
  by: string;
  isDue?: string;
  limit: string;
}): string => `
  hops as (
    (select flow_id from runs where lane = '${lane}' order by flow_id limit 1)
    union all
    select (select r.flow_id from runs r where r.lane = '${lane}' and r.flow_id > hops.flow_id order by r.flow_id limit 1) from hops where hops.flow_id is not null
  ), ahead as (
    select mine.id, mine.at, mine.nth from hops cross join lateral (
      select id, ${by} as at, row_number() over (order by ${by}, id) as nth from runs where lane = '${lane}' and flow_id = hops.flow_id and ${isDue} order by ${by}, id limit 4 * ${limit}
    ) mine order by mine.nth, mine.at, mine.id limit 4 * ${limit}
  ), turns as (
    select r.id, ahead.nth, ahead.at from ahead join runs r on r.id = ahead.id where r.lane = '${lane}' and ${isDue}
    order by ahead.nth, ahead.at, ahead.id limit ${limit} for update of r skip locked
  )`;
