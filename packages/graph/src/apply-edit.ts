import { HoldfastError } from '@holdfast/errors';
import type { Edit } from './edit.ts';
import type { FlowEdge, FlowFile, FlowNode } from './flow-file.ts';

/** A flow after an edit, and the edit that takes it back exactly. */
export interface Edited {
  file: FlowFile;
  inverse: Edit;
}

/** Throws request.invalid for an edit that can't be done to this flow; what the edit does not touch stays the same object. */
export function applyEdit(file: FlowFile, edit: Edit): Edited {
  switch (edit.edit) {
    case 'add-node':
      return { file: { ...file, nodes: insert(file.nodes, edit.node, edit.at) }, inverse: { edit: 'remove-node', node: edit.node.id } };
    case 'remove-node':
      return removeNode(file, edit.node);
    case 'rename-node': {
      const { name } = find(file.nodes, edit.node);
      return { file: changeNode(file, edit.node, (node) => ({ ...node, name: edit.name })), inverse: { ...edit, name } };
    }
    case 'configure': {
      const { config } = find(file.nodes, edit.node);
      return { file: changeNode(file, edit.node, (node) => ({ ...node, config: edit.config })), inverse: { ...edit, config } };
    }
    case 'move':
      return move(file, edit.positions);
    case 'connect':
      return connect(file, edit.edge, edit.at);
    case 'disconnect': {
      const at = indexOf(file.edges, edit.edge);
      return { file: { ...file, edges: file.edges.toSpliced(at, 1) }, inverse: { edit: 'connect', edge: find(file.edges, edit.edge), at } };
    }
    case 'add-note':
      return { file: { ...file, notes: insert(file.notes, edit.note, edit.at) }, inverse: { edit: 'remove-note', note: edit.note.id } };
    case 'change-note':
      return {
        file: { ...file, notes: file.notes.with(indexOf(file.notes, edit.note.id), edit.note) },
        inverse: { edit: 'change-note', note: find(file.notes, edit.note.id) },
      };
    case 'remove-note': {
      const at = indexOf(file.notes, edit.note);
      return {
        file: { ...file, notes: file.notes.toSpliced(at, 1) },
        inverse: { edit: 'add-note', note: find(file.notes, edit.note), at },
      };
    }
    case 'rename-flow':
      return { file: { ...file, name: edit.name }, inverse: { edit: 'rename-flow', name: file.name } };
    case 'describe-flow':
      return { file: { ...file, description: edit.description }, inverse: { edit: 'describe-flow', description: file.description } };
    case 'settings':
      return { file: { ...file, settings: edit.settings }, inverse: { edit: 'settings', settings: file.settings } };
    case 'batch':
      return applyAll(file, edit.edits);
  }
}

function removeNode(file: FlowFile, id: string): Edited {
  const at = indexOf(file.nodes, id);
  const touches = (edge: FlowEdge): boolean => edge.from.node === id || edge.to.node === id;
  const reconnect = file.edges.flatMap((edge, index): Edit[] => (touches(edge) ? [{ edit: 'connect', edge, at: index }] : []));
  return {
    file: {
      ...file,
      nodes: file.nodes.toSpliced(at, 1),
      edges: reconnect.length > 0 ? file.edges.filter((edge) => !touches(edge)) : file.edges,
    },
    inverse: { edit: 'batch', edits: [{ edit: 'add-node', node: find(file.nodes, id), at }, ...reconnect] },
  };
}

function connect(file: FlowFile, edge: FlowEdge, at?: number): Edited {
  find(file.nodes, edge.from.node);
  find(file.nodes, edge.to.node);
  return { file: { ...file, edges: insert(file.edges, edge, at) }, inverse: { edit: 'disconnect', edge: edge.id } };
}

function move(file: FlowFile, positions: Extract<Edit, { edit: 'move' }>['positions']): Edited {
  const before = Object.keys(positions).map((id) => [id, find(file.nodes, id).position] as const);
  const place = (node: FlowNode): FlowNode => {
    const position = Object.hasOwn(positions, node.id) ? positions[node.id] : undefined;
    return position ? { ...node, position } : node;
  };
  return { file: { ...file, nodes: file.nodes.map(place) }, inverse: { edit: 'move', positions: Object.fromEntries(before) } };
}

function applyAll(file: FlowFile, edits: readonly Edit[]): Edited {
  const inverses: Edit[] = [];
  let edited = file;
  for (const edit of edits) {
    const next = applyEdit(edited, edit);
    edited = next.file;
    inverses.unshift(next.inverse);
  }
  return { file: edited, inverse: { edit: 'batch', edits: inverses } };
}

const changeNode = (file: FlowFile, id: string, to: (node: FlowNode) => FlowNode): FlowFile => ({
  ...file,
  nodes: file.nodes.map((node) => (node.id === id ? to(node) : node)),
});

function insert<T extends { id: string }>(list: readonly T[], item: T, at = list.length): T[] {
  if (list.some((each) => each.id === item.id)) throw impossible(`The flow already has something called "${item.id}".`, item.id);
  return list.toSpliced(at, 0, item);
}

function indexOf(list: readonly { id: string }[], id: string): number {
  const index = list.findIndex((item) => item.id === id);
  if (index < 0) throw impossible(`The flow has nothing called "${id}" any more.`, id);
  return index;
}

function find<T extends { id: string }>(list: readonly T[], id: string): T {
  const found = list.find((item) => item.id === id);
  if (!found) throw impossible(`The flow has nothing called "${id}" any more.`, id);
  return found;
}

const impossible = (detail: string, path: string): HoldfastError =>
  new HoldfastError('request.invalid', {
    detail,
    path,
    hint: 'Somebody else may have changed the flow: load it again and repeat the edit.',
  });
