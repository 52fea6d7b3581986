import { loadVersion, type Queryable } from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { compile, type Plan } from '@holdfast/graph';
import type { Catalog } from '@holdfast/node-kit';
import { createLru, type Lru } from './lru.ts';

const plans = new WeakMap<Catalog, Lru<Plan>>();
/** A plan of 50 nodes weighs about 100 kB. */
const kept = 200;

/** The plan of a version: immutable, so compiled once per process while it is in use. */
export async function loadPlan(db: Queryable, catalog: Catalog, version: { flowId: string; versionId: string }): Promise<Plan> {
  const cache = plans.get(catalog) ?? createLru<Plan>(kept);
  plans.set(catalog, cache);
  const key = `${version.flowId}/${version.versionId}`;
  const cached = cache.get(key);
  if (cached) return cached;
  const file = await loadVersion(db, version.flowId, version.versionId);
  if (!file) throw new HoldfastError('flow.not-live', { detail: say`Version ${version.versionId} of ${version.flowId} is gone.` });
  const plan = compile(file, version.versionId, catalog);
  cache.set(key, plan);
  return plan;
}
