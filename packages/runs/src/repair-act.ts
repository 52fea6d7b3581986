import { buildScope, isDeepEqual, readPath, type RunState } from '@holdfast/graph';
import type { JsonObject, JsonValue } from '@holdfast/node-kit';

/** One value that later steps read, replaced by a literal before the step is tried again. */
export interface RepairEdit {
  /** `trigger.body.currency` or `nodes.lookup.body.total`. */
  field: string;
  /** Only runs with this value are repaired; any value when left out. */
  from?: JsonValue | undefined;
  to: JsonValue;
}

/** What is done to each run of a repair. */
export type RepairAct =
  | {
      kind: 'retry';
      edit?: RepairEdit | undefined;
      /** Somebody looked and says: call again what may have been carried out. */
      ambiguous?: boolean | undefined;
    }
  | { kind: 'skip'; port: string; output?: JsonValue | undefined }
  | { kind: 'end' };

/** What an edit does to one run. Null: its value is not there, or another than the one to be replaced. */
export interface Edited {
  /** For the override: the whole output of the node, with the one value replaced. */
  data: JsonObject;
  before: JsonValue;
}

/** Pure. Only values that are there are replaced, so a misspelt field changes nothing. */
export function editOf(state: RunState, triggerNode: string, edit: RepairEdit): Edited | null {
  const scope = buildScope(state, { run: { id: '', flow: '' }, contact: null, conversation: null, variables: {} });
  const before = readPath(scope, edit.field);
  if (before === undefined || (edit.from !== undefined && !isDeepEqual(before, edit.from))) return null;
  const [root, ...path] = partsOf(edit.field);
  const node = root === 'trigger' ? triggerNode : path.shift();
  if ((root !== 'trigger' && root !== 'nodes') || node === undefined) return null;
  const output = root === 'trigger' ? state.trigger : state.outputs.get(node);
  return output === undefined ? null : { data: { [node]: replaced(output, path, edit.to) }, before };
}

const partsOf = (field: string): string[] => field.replaceAll(/\[(\d+)\]/g, '.$1').split('.');

function replaced(value: JsonValue, [key, ...rest]: readonly string[], to: JsonValue): JsonValue {
  if (key === undefined) return to;
  if (Array.isArray(value)) return value.map((item, place) => (String(place) === key ? replaced(item, rest, to) : item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === key ? replaced(item, rest, to) : item]));
}
