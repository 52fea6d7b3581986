import { ensureProvider, type ProviderName } from './providers.ts';
import type { Queryable } from '../pool.ts';

/** A leaky bucket: what it holds at most, what flows back, and what it held when the provider said so. */
export interface PointsBucket {
  most: number;
  perSecond: number;
  available: number;
}

const now = `least(most, level + per_second * extract(epoch from clock_timestamp() - at))`;

/** Takes what a call costs out of the bucket, as far as it is known. Answers in how many milliseconds there is enough; 0: taken. Not for use inside a transaction. */
export async function takePoints(db: Queryable, { workspaceId, key, cost }: ProviderName & { cost: number }): Promise<number> {
  const { rows } = await db.query<{ isTaken: boolean; waitMs: number }>({
    name: 'take-points',
    text: `with bucket as (select workspace_id, provider, ${now} as level, least($3::float8, most) as cost, per_second from provider_points where workspace_id = $1 and provider = $2 for update),
      taken as (
        update provider_points p set level = bucket.level - bucket.cost, at = clock_timestamp() from bucket
        where p.workspace_id = bucket.workspace_id and p.provider = bucket.provider and bucket.level >= bucket.cost returning 1
      )
      select exists (select 1 from taken) as "isTaken", (1000 * greatest(0, cost - level) / per_second)::float8 as "waitMs" from bucket`,
    values: [workspaceId, key, cost],
  });
  const row = rows[0];
  return !row || row.isTaken ? 0 : Math.max(1, Math.ceil(row.waitMs));
}

/** As its answer tells. What others have under way and it has not counted yet is not forgotten: the lower of both holds. */
export async function notePoints(
  db: Queryable,
  {
    bucket,
    back,
    ...provider
  }: ProviderName & { kind: string; name: string; bucket: PointsBucket; /** Was taken, and not used. */ back: number },
): Promise<void> {
  await ensureProvider(db, provider);
  await db.query({
    name: 'note-points',
    text: `insert into provider_points (workspace_id, provider, most, per_second, level, at) values ($1, $2, $3, $4, $5, clock_timestamp())
      on conflict (workspace_id, provider) do update set most = excluded.most, per_second = excluded.per_second, at = clock_timestamp(),
        level = least(excluded.level, $6::float8 + least(provider_points.most, provider_points.level + provider_points.per_second * extract(epoch from clock_timestamp() - provider_points.at)))`,
    values: [provider.workspaceId, provider.key, bucket.most, bucket.perSecond, bucket.available, back],
  });
}
