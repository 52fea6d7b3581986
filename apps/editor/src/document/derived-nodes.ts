import type { FlowFile, FlowNode, FlowNote } from '@holdfast/graph';
import type { Edge, Node, XYPosition } from '@xyflow/react';

export type StepFlowNode = Node<{ node: FlowNode }, 'step'>;
export type NoteFlowNode = Node<{ note: FlowNote }, 'note'>;
export type CanvasNode = StepFlowNode | NoteFlowNode;
export type StepFlowEdge = Edge<{ turnX: number | null }, 'step'>;

export interface Overlay {
  selected: ReadonlySet<string>;
  /** Positions while something is dragged; the document hears of them when the drag stops. */
  dragged: ReadonlyMap<string, XYPosition>;
  measured: ReadonlyMap<string, { width: number; height: number }>;
}

interface Kept {
  source: FlowNode | FlowNote;
  node: CanvasNode;
}

/**
 * Builds React Flow's nodes from the flow. A node whose step, position, size and selection are unchanged keeps its
 * identity, so dragging one of 300 cards touches one card.
 */
export function createNodeDeriver(): (file: FlowFile, overlay: Overlay) => CanvasNode[] {
  let kept = new Map<string, Kept>();
  return (file, overlay) => {
    const next = new Map<string, Kept>();
    const keep = (source: FlowNode | FlowNote, build: (base: Base) => CanvasNode): CanvasNode => {
      const base = baseOf(source, overlay);
      const old = kept.get(source.id);
      const node = old && old.source === source && isSameBase(old.node, base) ? old.node : build(base);
      next.set(source.id, { source, node });
      return node;
    };
    const nodes = [
      ...file.notes.map((note) => keep(note, (base) => ({ ...base, type: 'note', data: { note }, zIndex: -1 }))),
      ...file.nodes.map((node) => keep(node, (base) => ({ ...base, type: 'step', data: { node } }))),
    ];
    kept = next;
    return nodes;
  };
}

interface Base {
  id: string;
  position: XYPosition;
  selected: boolean;
  dragging: boolean;
  measured?: { width: number; height: number };
  width?: number;
  height?: number;
}

function baseOf(source: FlowNode | FlowNote, overlay: Overlay): Base {
  const dragged = overlay.dragged.get(source.id);
  const measured = overlay.measured.get(source.id);
  const size = 'size' in source ? source.size : undefined;
  return {
    id: source.id,
    position: dragged ?? source.position,
    selected: overlay.selected.has(source.id),
    dragging: dragged !== undefined,
    ...(measured ? { measured } : {}),
    ...(size ? { width: size.width, height: size.height } : {}),
  };
}

const isSameBase = (node: CanvasNode, base: Base): boolean =>
  node.position.x === base.position.x &&
  node.position.y === base.position.y &&
  node.selected === base.selected &&
  node.dragging === base.dragging &&
  node.measured === base.measured &&
  node.width === base.width &&
  node.height === base.height;

/** Edges keep their identity in the same way. */
export function createEdgeDeriver(): (
  file: FlowFile,
  selected: ReadonlySet<string>,
  routes: ReadonlyMap<string, number>,
) => StepFlowEdge[] {
  let kept = new Map<string, { source: FlowFile['edges'][number]; edge: StepFlowEdge }>();
  return (file, selected, routes) => {
    const next: typeof kept = new Map();
    const edges = file.edges.map((source) => {
      const isSelected = selected.has(source.id);
      const turnX = routes.get(source.id) ?? null;
      const old = kept.get(source.id);
      const edge: StepFlowEdge =
        old && old.source === source && old.edge.selected === isSelected && old.edge.data?.turnX === turnX
          ? old.edge
          : {
              id: source.id,
              type: 'step',
              source: source.from.node,
              sourceHandle: source.from.port,
              target: source.to.node,
              targetHandle: 'in',
              selected: isSelected,
              data: { turnX },
            };
      next.set(source.id, { source, edge });
      return edge;
    });
    kept = next;
    return edges;
  };
}

const connected = new WeakMap<FlowFile['edges'], Map<string, string>>();

/** The connected ports of a node as one string (`|ok|failed|`), a primitive so that a card redraws only when its own ports change. */
export function connectedPorts(file: FlowFile, node: string): string {
  let index = connected.get(file.edges);
  if (!index) {
    index = new Map();
    for (const edge of file.edges) index.set(edge.from.node, `${index.get(edge.from.node) ?? '|'}${edge.from.port}|`);
    connected.set(file.edges, index);
  }
  return index.get(node) ?? '|';
}
