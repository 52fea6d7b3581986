import type { Edit, FlowFile } from '@holdfast/graph';
import type { EdgeChange, NodeChange, XYPosition } from '@xyflow/react';
import { useCallback, useMemo, useState } from 'react';
import { createEdgeDeriver, createNodeDeriver, type CanvasNode, type StepFlowEdge } from '../document/derived-nodes.ts';
import { edgeRoutes } from '../document/edge-routes.ts';
import { cardWidth } from '../document/node-size.ts';
import { useDocument, useSession, useWorkbench } from '../document/workbench.tsx';

import { drawnPorts } from './drawable-config.ts';

type Size = { width: number; height: number };
const none: ReadonlyMap<string, XYPosition> = new Map();

export interface CanvasNodes {
  nodes: CanvasNode[];
  edges: StepFlowEdge[];
  /** Positions while something is dragged; empty otherwise. */
  dragged: ReadonlyMap<string, XYPosition>;
  measured: ReadonlyMap<string, Size>;
  onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
  onEdgesChange: (changes: EdgeChange<StepFlowEdge>[]) => void;
}

/** React Flow's nodes and edges, derived from the document; its changes become session state or edits. */
export function useCanvasNodes(): CanvasNodes {
  const file = useDocument((state) => state.file);
  const selectedIds = useSession((state) => state.selected);
  const selectedEdgeIds = useSession((state) => state.selectedEdges);
  const [dragged, setDragged] = useState(none);
  const [measured, setMeasured] = useState<ReadonlyMap<string, Size>>(new Map());
  const [deriveNodes] = useState(createNodeDeriver);
  const [deriveEdges] = useState(createEdgeDeriver);
  const selected = useMemo(() => new Set(selectedIds), [selectedIds]);
  const selectedEdges = useMemo(() => new Set(selectedEdgeIds), [selectedEdgeIds]);
  const nodes = useMemo(() => deriveNodes(file, { selected, dragged, measured }), [deriveNodes, file, selected, dragged, measured]);
  const routes = useRoutes(file, measured);
  const edges = useMemo(() => deriveEdges(file, selectedEdges, routes), [deriveEdges, file, selectedEdges, routes]);
  const commitMoves = useCommitMoves();
  const selectChanged = useSelectChanged();

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      selectChanged.nodes(changes);
      setMeasured((before) => withMeasures(before, changes));
      const moving = changes.flatMap((change) =>
        change.type === 'position' && change.position && change.dragging ? [[change.id, change.position] as const] : [],
      );
      if (moving.length > 0) setDragged(new Map(moving));
      const settled = changes.flatMap((change) =>
        change.type === 'position' && !change.dragging ? [[change.id, change.position] as const] : [],
      );
      if (settled.length > 0) {
        commitMoves(settled);
        setDragged(none);
      }
    },
    [commitMoves, selectChanged],
  );
  return { nodes, edges, dragged, measured, onNodesChange, onEdgesChange: selectChanged.edges };
}

/** Where the connections turn; reckoned anew when the drawing changes, so not while something is dragged. */
function useRoutes(file: FlowFile, measured: ReadonlyMap<string, Size>): ReadonlyMap<string, number> {
  const { catalog } = useWorkbench();
  return useMemo(() => {
    const byId = new Map(file.nodes.map((node) => [node.id, node]));
    const portsOf = (id: string): string[] => {
      const node = byId.get(id);
      const definition = node && catalog[node.type];
      return node && definition ? Object.keys(drawnPorts(definition, node.config)) : [];
    };
    const boxOf = (id: string) => {
      const node = byId.get(id);
      return node ? { ...node.position, width: cardWidth, height: measured.get(id)?.height ?? 100 } : null;
    };
    // From the card's lower edge up to the middle of the port's row.
    const rowOf = (id: string, port: string): number => {
      const ports = portsOf(id);
      return (ports.length - Math.max(0, ports.indexOf(port))) * 28 - 14 + 5;
    };
    return edgeRoutes(file, boxOf, rowOf);
  }, [file, measured, catalog]);
}

function withMeasures(before: ReadonlyMap<string, Size>, changes: NodeChange<CanvasNode>[]): ReadonlyMap<string, Size> {
  const sizes = changes.flatMap((change) =>
    change.type === 'dimensions' && change.dimensions ? [[change.id, change.dimensions] as const] : [],
  );
  return sizes.length === 0 ? before : new Map([...before, ...sizes]);
}

/** Where a drag or the arrow keys left things, as one edit. */
function useCommitMoves(): (moves: readonly (readonly [string, XYPosition | undefined])[]) => void {
  const { document } = useWorkbench();
  return useCallback(
    (moves) => {
      const { file, apply } = document.getState();
      const edits: Edit[] = [];
      const positions: Record<string, XYPosition> = {};
      for (const [id, position] of moves) {
        if (!position) continue;
        const node = file.nodes.find((candidate) => candidate.id === id);
        const note = file.notes.find((candidate) => candidate.id === id);
        if (node && (node.position.x !== position.x || node.position.y !== position.y)) positions[id] = position;
        if (note && (note.position.x !== position.x || note.position.y !== position.y))
          edits.push({ edit: 'change-note', note: { ...note, position } });
      }
      if (Object.keys(positions).length > 0) edits.push({ edit: 'move', positions });
      if (edits.length > 0) apply({ edit: 'batch', edits }, `move:${Object.keys(positions).join()}`);
    },
    [document],
  );
}

function useSelectChanged() {
  const { session } = useWorkbench();
  return useMemo(() => {
    const next = (before: readonly string[], changes: readonly { type: string; id?: string; selected?: boolean }[]): string[] => {
      const ids = new Set(before);
      for (const change of changes) {
        if (change.type !== 'select' || change.id === undefined) continue;
        if (change.selected) ids.add(change.id);
        else ids.delete(change.id);
      }
      return [...ids];
    };
    return {
      nodes: (changes: NodeChange<CanvasNode>[]) => {
        if (!changes.some((change) => change.type === 'select')) return;
        const { selected, selectedEdges, select } = session.getState();
        select(next(selected, changes), selectedEdges);
      },
      edges: (changes: EdgeChange<StepFlowEdge>[]) => {
        if (!changes.some((change) => change.type === 'select')) return;
        const { selected, selectedEdges, select } = session.getState();
        select(selected, next(selectedEdges, changes));
      },
    };
  }, [session]);
}
