import { flowEdge, flowNode, flowNote, type Edit, type FlowFile } from '@holdfast/graph';
import { z } from 'zod';
import { edgeIds, freeId, freeNodeId, freeNodeName, nodeIds, nodeNames, noteIds } from './node-id.ts';

/** A piece of a flow, as the system clipboard carries it: readable JSON, so it can be pasted into another flow, a chat or a file. */
export const flowFragment = z.object({
  format: z.literal('holdfast.fragment/1'),
  nodes: z.array(flowNode).max(1_000),
  edges: z.array(flowEdge).max(10_000),
  notes: z.array(flowNote).max(500).default([]),
});
export type FlowFragment = z.infer<typeof flowFragment>;

export function copyFragment(file: FlowFile, selected: ReadonlySet<string>): FlowFragment | null {
  const nodes = file.nodes.filter((node) => selected.has(node.id));
  const notes = file.notes.filter((note) => selected.has(note.id));
  if (nodes.length + notes.length === 0) return null;
  const edges = file.edges.filter((edge) => selected.has(edge.from.node) && selected.has(edge.to.node));
  return { format: 'holdfast.fragment/1', nodes, edges, notes };
}

/** Text from the clipboard as a fragment; a whole flow file works too. Null when it is something else. */
export function parseFragment(text: string): FlowFragment | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  const fragment = flowFragment.safeParse(raw);
  if (fragment.success) return fragment.data;
  const file = flowFragment.extend({ format: z.literal('holdfast.flow/1') }).safeParse(raw);
  return file.success ? { ...file.data, format: 'holdfast.fragment/1' } : null;
}

export interface PastedFragment {
  edit: Edit;
  /** Ids of what was pasted, to be selected. */
  ids: string[];
}

/** New ids and free names for everything; values that pointed at a copied step follow its copy. `at` is the new left upper corner. */
export function pasteFragment(file: FlowFile, fragment: FlowFragment, at: { x: number; y: number }): PastedFragment {
  const ids = nodeIds(file);
  const names = nodeNames(file);
  const edges = edgeIds(file);
  const notes = noteIds(file);
  const renamed = new Map<string, string>();
  for (const node of fragment.nodes) {
    const id = freeNodeId(ids.has(node.id) ? node.type : node.id, ids);
    ids.add(id);
    renamed.set(node.id, id);
  }
  const places = [...fragment.nodes, ...fragment.notes].map((item) => item.position);
  const left = Math.min(...places.map((place) => place.x));
  const top = Math.min(...places.map((place) => place.y));
  const move = (place: { x: number; y: number }) => ({ x: place.x - left + at.x, y: place.y - top + at.y });
  const edits: Edit[] = [];
  const pasted: string[] = [];
  for (const node of fragment.nodes) {
    const id = renamed.get(node.id) ?? node.id;
    const name = freeNodeName(node.name, names);
    names.add(name);
    edits.push({
      edit: 'add-node',
      node: { ...node, id, name, config: followCopies(node.config, renamed), position: move(node.position) },
    });
    pasted.push(id);
  }
  for (const edge of fragment.edges) {
    const from = renamed.get(edge.from.node);
    const to = renamed.get(edge.to.node);
    if (from === undefined || to === undefined) continue;
    const id = freeId('e', edges);
    edges.add(id);
    edits.push({ edit: 'connect', edge: { id, from: { node: from, port: edge.from.port }, to: { node: to } } });
  }
  for (const note of fragment.notes) {
    const id = freeId('note', notes);
    notes.add(id);
    edits.push({ edit: 'add-note', note: { ...note, id, position: move(note.position) } });
    pasted.push(id);
  }
  return { edit: { edit: 'batch', edits }, ids: pasted };
}

/** Rewrites `nodes.<old>` inside texts, and fields that hold exactly an old step's id. */
function followCopies<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'string') return part;
    const exact = renamed.get(part);
    if (exact !== undefined) return exact;
    return part.replaceAll(/\bnodes\.([a-zA-Z0-9_-]+)/g, (whole: string, id: string) =>
      renamed.has(id) ? `nodes.${renamed.get(id)}` : whole,
    );
  });
  const parsed: T = JSON.parse(text);
  return parsed;
}
