import { portsOf, type Catalog, type JsonObject, type NodeDefinition, type Ports } from '@holdfast/node-kit';
import type { FlowEdge, FlowFile, FlowNode } from '../flow-file.ts';

/** A flow as the checks look at it: each step with its definition and ports, and what leads where. */
export interface FlowView {
  file: FlowFile;
  nodes: ReadonlyMap<string, ViewedNode>;
  edgesFrom: (node: string) => readonly FlowEdge[];
  edgesInto: (node: string) => readonly FlowEdge[];
  /** Steps that some trigger leads to, triggers included. */
  reached: ReadonlySet<string>;
}

export interface ViewedNode {
  node: FlowNode;
  /** What staff call it, in quotes. */
  label: string;
  definition: NodeDefinition | undefined;
  /** Unknown while the config is too unfinished to tell. */
  ports: Ports | undefined;
}

export function viewFlow(file: FlowFile, catalog: Catalog): FlowView {
  const nodes = new Map(file.nodes.map((node) => [node.id, viewNode(node, catalog)]));
  const from = Map.groupBy(file.edges, (edge) => edge.from.node);
  const into = Map.groupBy(file.edges, (edge) => edge.to.node);
  const edgesFrom = (node: string): readonly FlowEdge[] => from.get(node) ?? [];
  const triggers = [...nodes.values()].filter(({ definition }) => definition?.kind === 'trigger').map(({ node }) => node.id);
  return { file, nodes, edgesFrom, edgesInto: (node) => into.get(node) ?? [], reached: reach(triggers, edgesFrom) };
}

function viewNode(node: FlowNode, catalog: Catalog): ViewedNode {
  const definition = Object.hasOwn(catalog, node.type) ? catalog[node.type] : undefined;
  return {
    node,
    label: `"${node.name.trim() || (definition?.title ?? node.id)}"`,
    definition,
    ports: definition && currentPorts(definition, node.config),
  };
}

/** The exits of a step whose config may be half typed; undefined when it doesn't tell them yet. */
export function currentPorts(definition: NodeDefinition, config: JsonObject): Ports | undefined {
  const parsed = definition.config.safeParse(config);
  try {
    return portsOf(definition, parsed.success ? (parsed.data as JsonObject) : config); // a config schema's output is an object
  } catch {
    return undefined; // a definition may count on what the config lacks as yet
  }
}

function reach(starts: readonly string[], edgesFrom: (node: string) => readonly FlowEdge[]): ReadonlySet<string> {
  const reached = new Set(starts);
  const pending = [...starts];
  for (let node = pending.pop(); node !== undefined; node = pending.pop())
    for (const { to } of edgesFrom(node)) {
      if (reached.has(to.node)) continue;
      reached.add(to.node);
      pending.push(to.node);
    }
  return reached;
}
