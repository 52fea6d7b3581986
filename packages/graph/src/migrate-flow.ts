import type { Catalog } from '@holdfast/node-kit';
import type { FlowFile, FlowNode } from './flow-file.ts';

/** Brings every step of a draft to its type's present version. Unknown types and newer versions stay as they are. */
export const migrateFlow = (file: FlowFile, catalog: Catalog): FlowFile => ({
  ...file,
  nodes: file.nodes.map((node) => migrateNode(node, catalog)),
});

export function migrateNode(node: FlowNode, catalog: Catalog): FlowNode {
  const definition = Object.hasOwn(catalog, node.type) ? catalog[node.type] : undefined;
  if (!definition || node.typeVersion >= definition.typeVersion) return node;
  const config = definition.migrate ? definition.migrate(node.config, node.typeVersion) : node.config;
  return { ...node, typeVersion: definition.typeVersion, config };
}
