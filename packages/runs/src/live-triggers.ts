import { channelTriggers, loadVersions, type LiveTrigger, type Queryable } from '@holdfast/db';
import type { FlowFile } from '@holdfast/graph';
import type { Catalog } from '@holdfast/node-kit';
import { createLru, type Lru } from './lru.ts';

const files = new WeakMap<Catalog, Lru<FlowFile>>();
/** A file of 50 nodes weighs about 30 kB. */
const kept = 500;

const keyOf = ({ flowId, versionId }: { flowId: string; versionId: string }): string => `${flowId}/${versionId}`;

/** Channel triggers of live flows, in the order set by staff: asked for with every message, while their versions' files are read once. */
export async function liveTriggers(db: Queryable, catalog: Catalog, workspaceId: string): Promise<LiveTrigger[]> {
  const triggers = await channelTriggers(db, workspaceId);
  const memory = files.get(catalog) ?? createLru<FlowFile>(kept);
  files.set(catalog, memory);
  const found = new Map(triggers.map((each) => [keyOf(each), memory.get(keyOf(each))]));
  const unknown = triggers.filter((each) => !found.get(keyOf(each)));
  for (const version of unknown.length === 0 ? [] : await loadVersions(db, unknown)) {
    memory.set(keyOf(version), version.file);
    found.set(keyOf(version), version.file);
  }
  return triggers.flatMap((trigger) => {
    const file = found.get(keyOf(trigger));
    return file ? [{ ...trigger, file }] : [];
  });
}
