import { HoldfastError, say } from '@holdfast/errors';
import type { Catalog } from '@holdfast/node-kit';
import type { FlowEdge, FlowFile, FlowNode } from './flow-file.ts';
import { migrateNode } from './migrate-flow.ts';
import { createReach } from './reach.ts';
import { prepareConfig } from './render-config.ts';
import type { Plan, PlannedNode } from './run-state.ts';

/** Makes a version ready to run. Throws flow.invalid for one that this installation can't execute, rather than half-way through a run. */
export function compile(file: FlowFile, versionId: string, catalog: Catalog): Plan {
  const nodes = new Map(file.nodes.map((node, drawn) => [node.id, planNode(node, drawn, catalog)]));
  for (const { id, from, to } of file.edges)
    if (!nodes.has(from.node) || !nodes.has(to.node))
      throw new HoldfastError('flow.invalid', {
        detail: say`The connection "${id}" leads from or to a step that this version does not have.`,
        path: id,
      });
  const from = Map.groupBy(file.edges, (edge) => portKey(edge.from.node, edge.from.port));
  const of = Map.groupBy(file.edges, (edge) => edge.from.node);
  const into = Map.groupBy(file.edges, (edge) => edge.to.node);
  const edgesFrom = (node: string, port: string): readonly FlowEdge[] => from.get(portKey(node, port)) ?? [];
  const edgesInto = (node: string): readonly FlowEdge[] => into.get(node) ?? [];
  return {
    versionId,
    file,
    node: (id) => {
      const found = nodes.get(id);
      if (!found) throw new HoldfastError('flow.invalid', { detail: say`This version has no step "${id}".`, path: id });
      return found;
    },
    hasNode: (id) => nodes.has(id),
    edgesFrom,
    edgesInto,
    edgesOf: (node) => of.get(node) ?? [],
    joins: [...nodes.values()].filter((node) => node.joins !== undefined),
    leadsTo: createReach(edgesInto),
  };
}

function planNode(stored: FlowNode, drawn: number, catalog: Catalog): PlannedNode {
  const node = migrateNode(stored, catalog);
  const definition = Object.hasOwn(catalog, node.type) ? catalog[node.type] : undefined;
  if (!definition || node.typeVersion > definition.typeVersion)
    throw new HoldfastError('flow.invalid', {
      detail: say`"${node.name}" needs "${node.type}" version ${node.typeVersion}, which this installation does not have.`,
      hint: 'Update Holdfast, or replace the step.',
      path: node.id,
    });
  const planned = { ...node, definition, drawn, fill: prepareConfig(definition, node.config) };
  if (definition.kind !== 'pure' || !definition.joins) return planned;
  const config = definition.config.safeParse(node.config);
  if (!config.success) throw new HoldfastError('flow.invalid', { detail: say`The settings of "${node.name}" do not fit.`, path: node.id });
  return { ...planned, joins: definition.joins(config.data) };
}

// Ids hold no blank, so a node and its port can't run into each other.
const portKey = (node: string, port: string): string => `${node} ${port}`;
