import type { ContactView, ConversationView, JsonObject, Scope } from '@holdfast/node-kit';
import type { RunState } from './run-state.ts';

/** What templates, conditions and nodes of a run look at. */
export function buildScope(
  state: RunState,
  around: { run: { id: string; flow: string }; contact: ContactView | null; conversation: ConversationView | null; variables: JsonObject },
): Scope {
  const { run, contact, conversation, variables } = around;
  return {
    trigger: state.trigger,
    nodes: Object.fromEntries(state.outputs),
    contact,
    conversation,
    variables,
    run: { id: run.id, startedAt: state.startedAt, flow: run.flow },
  };
}
