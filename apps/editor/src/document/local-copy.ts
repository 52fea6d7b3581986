import { flowFile, type FlowFile } from '@holdfast/graph';
import { z } from 'zod';

const localCopy = z.object({ file: flowFile, revision: z.number().int(), atMs: z.number() });
export type LocalCopy = z.infer<typeof localCopy>;

const keyOf = (flow: string): string => `holdfast.unsaved.${flow}`;

/** What this computer still holds of a flow that could not be saved: a closed lid, a lost network. */
export function loadLocalCopy(storage: Storage, flow: string): LocalCopy | null {
  const text = storage.getItem(keyOf(flow));
  if (text === null) return null;
  try {
    const parsed = localCopy.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function saveLocalCopy(storage: Storage, flow: string, unsaved: { file: FlowFile; revision: number } | null, nowMs: number): void {
  try {
    if (unsaved === null) storage.removeItem(keyOf(flow));
    else storage.setItem(keyOf(flow), JSON.stringify({ ...unsaved, atMs: nowMs }));
  } catch {
    // A full or forbidden store costs the safety copy only; saving to the server goes on.
  }
}
