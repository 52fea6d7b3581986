import type { Edit, FlowFile } from '@holdfast/graph';

/** One step of undo that removes steps, notes and connections. The connections of a removed step go with it. */
export function removalOf(file: FlowFile, items: ReadonlySet<string>, edges: ReadonlySet<string>): Edit | null {
  const edits: Edit[] = [];
  for (const edge of file.edges) {
    const isOrphaned = items.has(edge.from.node) || items.has(edge.to.node);
    if (edges.has(edge.id) && !isOrphaned) edits.push({ edit: 'disconnect', edge: edge.id });
  }
  for (const note of file.notes) if (items.has(note.id)) edits.push({ edit: 'remove-note', note: note.id });
  for (const node of file.nodes) if (items.has(node.id)) edits.push({ edit: 'remove-node', node: node.id });
  return edits.length === 0 ? null : { edit: 'batch', edits };
}
