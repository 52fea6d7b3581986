import type { Edit, FlowFile } from '@holdfast/graph';

/** One edit that turns a flow into another one altogether, so that restoring a version or taking their side can be undone. */
export function replacementOf(file: FlowFile, next: FlowFile): Edit {
  return {
    edit: 'batch',
    edits: [
      ...file.nodes.map((node): Edit => ({ edit: 'remove-node', node: node.id })),
      ...file.notes.map((note): Edit => ({ edit: 'remove-note', note: note.id })),
      { edit: 'rename-flow', name: next.name },
      { edit: 'describe-flow', description: next.description },
      { edit: 'settings', settings: next.settings },
      ...next.nodes.map((node): Edit => ({ edit: 'add-node', node })),
      ...next.edges.map((edge): Edit => ({ edit: 'connect', edge })),
      ...next.notes.map((note): Edit => ({ edit: 'add-note', note })),
    ],
  };
}
