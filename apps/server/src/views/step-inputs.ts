import {
  applyEntry,
  buildScope,
  compile,
  renderConfig,
  unstarted,
  type FlowFile,
  type JournalEntry,
  type Plan,
  type RunState,
} from '@holdfast/graph';
import type { Catalog, ContactView, JsonObject, JsonValue, NodeDefinition } from '@holdfast/node-kit';

/** What is around a run now. The journal doesn't keep it, so an input that reads it is shown with today's values. */
export interface Around {
  run: { id: string; flow: string };
  contact: ContactView | null;
  variables: JsonObject;
}

/** Rendering costs about 0.1 ms each; a run that goes round more often shows the inputs of its first thousand steps. */
const maxInputs = 1_000;

/** Each step's settings with their templates filled in as they were when it came up, by step id. Steps that can't be read any more have none. */
export function buildStepInputs(
  version: { file: FlowFile; id: string },
  entries: readonly JournalEntry[],
  catalog: Catalog,
  around: Around,
): ReadonlyMap<string, JsonObject> {
  const inputs = new Map<string, JsonObject>();
  const plan = compileIfKnown(version.file, version.id, catalog);
  if (!plan) return inputs;
  let state: RunState = unstarted;
  for (const entry of entries) {
    if (comesUp(entry) && !inputs.has(entry.step) && inputs.size < maxInputs) {
      const input = renderInput(plan, state, entry.node, around);
      if (input) inputs.set(entry.step, input);
    }
    try {
      state = applyEntry(plan, state, entry);
    } catch {
      return inputs; // a journal of an older kind: what was read so far still holds
    }
  }
  return inputs;
}

type ComesUp = Extract<JournalEntry, { kind: 'step-started' | 'step-ended' | 'wait-opened' }>;
const comesUp = (entry: JournalEntry): entry is ComesUp =>
  entry.kind === 'step-started' || entry.kind === 'step-ended' || entry.kind === 'wait-opened';

function renderInput(plan: Plan, state: RunState, node: string, around: Around): JsonObject | null {
  try {
    const { definition, config } = plan.node(node);
    return shownOf(definition, renderConfig(definition, config, buildScope(state, { ...around, conversation: null })));
  } catch {
    return null; // the step failed for this very reason, which stands beside it
  }
}

/** Without what the form hides; of an operation's description, which may be long, only its title. */
function shownOf({ config }: NodeDefinition, input: JsonObject): JsonObject {
  const widgetOf = (key: string) => config.shape[key]?.meta?.()?.widget;
  const titled = (value: JsonValue): JsonValue =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value['title'] ?? null) : value;
  return Object.fromEntries(
    Object.entries(input)
      .filter(([key]) => widgetOf(key) !== 'hidden')
      .map(([key, value]) => [key, widgetOf(key) === 'operation' ? titled(value) : value]),
  );
}

function compileIfKnown(file: FlowFile, versionId: string, catalog: Catalog): Plan | null {
  try {
    return compile(file, versionId, catalog);
  } catch {
    return null;
  }
}
