import type { FlowFile } from '@holdfast/graph';
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';

export type Sizes = ReadonlyMap<string, { width: number; height: number }>;
export type Positions = Record<string, { x: number; y: number }>;

/** What ELK is asked: layers from left to right, ports on the right side in the order they are drawn. */
export function buildElkGraph(file: FlowFile, sizes: Sizes, portsOfNode: (node: string) => readonly string[]): ElkNode {
  return {
    id: 'flow',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': '48',
      'elk.layered.spacing.nodeNodeBetweenLayers': '96',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.crossingMinimization.strategy': 'LAYER_SWEEP',
      'elk.separateConnectedComponents': 'true',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: file.nodes.map((node) => {
      const size = sizes.get(node.id) ?? { width: 240, height: 100 };
      const ports = portsOfNode(node.id);
      return {
        id: node.id,
        ...size,
        layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        ports: [
          { id: `${node.id}/in`, x: 0, y: 20, width: 1, height: 1, layoutOptions: { 'elk.port.side': 'WEST' } },
          ...ports.map((port, index) => ({
            id: `${node.id}/out/${port}`,
            x: size.width, // As if the first exit stood at the entrance's height: chains stay level instead of walking downstairs.
            y: 20 + index * 28,
            width: 1,
            height: 1,
            layoutOptions: { 'elk.port.side': 'EAST' },
          })),
        ],
      };
    }),
    edges: file.edges
      .filter((edge) => portsOfNode(edge.from.node).includes(edge.from.port))
      .map((edge) => ({ id: edge.id, sources: [`${edge.from.node}/out/${edge.from.port}`], targets: [`${edge.to.node}/in`] })),
  };
}

/** Whole pixels, off the grid: on it, connections between ports of unlike heights would all have a step in them. Notes stay where they are. */
export function readElkPositions(graph: ElkNode): Positions {
  const positions: Positions = {};
  for (const child of graph.children ?? []) positions[child.id] = { x: Math.round(child.x ?? 0), y: Math.round(child.y ?? 0) };
  return positions;
}

let elk: Promise<ELK> | null = null;
/** ELK weighs 1.4 MB; it is loaded with the first press of "Tidy up". */
const openElk = (): Promise<ELK> => (elk ??= import('elkjs/lib/elk.bundled.js').then(({ default: Elk }) => new Elk()));

export async function layoutFlow(file: FlowFile, sizes: Sizes, portsOfNode: (node: string) => readonly string[]): Promise<Positions> {
  return readElkPositions(await (await openElk()).layout(buildElkGraph(file, sizes, portsOfNode)));
}
