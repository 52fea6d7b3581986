import type { Edit, FlowFile } from '@holdfast/graph';
import type { Catalog, JsonObject, NodeDefinition } from '@holdfast/node-kit';
import { cardWidth } from '../document/node-size.ts';
import { edgeIds, freeId, freeNodeId, freeNodeName, nodeIds, nodeNames } from '../document/node-id.ts';
import { freshConfig } from '../document/fresh-config.ts';
import { initialConfig } from '../document/initial-config.ts';
import { drawnPorts } from './drawable-config.ts';

/** A step that comes with its settings: an operation of an imported service. */
export interface ReadyStep {
  title: string;
  typeVersion: number;
  config: JsonObject;
}

export interface NewStep {
  definition: NodeDefinition;
  /** In the language of the person who adds it; theirs to change. */
  title: string;
  position: { x: number; y: number };
  /** The port that leads to it, when it is added from one. */
  from: { node: string; port: string } | null;
  ready?: ReadyStep | null;
}

const gap = 80;
const snap = (value: number): number => Math.round(value / 16) * 16;

/** One step of undo: the new step, and its connection. Answers its id, so that it can be selected. */
export function buildNewStep(file: FlowFile, step: NewStep): { edit: Edit; id: string } {
  const { definition, from, ready } = step;
  const id = freeNodeId(definition.type, nodeIds(file));
  const position = { x: snap(step.position.x), y: snap(step.position.y) };
  const node = {
    id,
    type: definition.type,
    typeVersion: ready?.typeVersion ?? definition.typeVersion,
    name: freeNodeName(ready?.title ?? step.title, nodeNames(file)),
    config: { ...initialConfig(definition), ...freshConfig(definition), ...ready?.config },
    position,
  };
  const edits: Edit[] = [{ edit: 'add-node', node }];
  if (from && definition.kind !== 'trigger')
    edits.push({ edit: 'connect', edge: { id: freeId('e', edgeIds(file)), from, to: { node: id } } });
  return { edit: edits.length === 1 && edits[0] ? edits[0] : { edit: 'batch', edits }, id };
}

/** To the right of the step it follows, at the height of its port, moved down while something lies there. */
export function placeAfter(file: FlowFile, catalog: Catalog, from: { node: string; port: string }): { x: number; y: number } {
  const source = file.nodes.find((node) => node.id === from.node);
  if (!source) return { x: 0, y: 0 };
  const definition = catalog[source.type];
  const row = definition ? Object.keys(drawnPorts(definition, source.config)).indexOf(from.port) : 0;
  return placeFree(file, { x: source.position.x + cardWidth + gap, y: source.position.y + Math.max(0, row) * 28 });
}

/** The nearest place downwards where a card overlaps no other. */
export function placeFree(file: FlowFile, wanted: { x: number; y: number }): { x: number; y: number } {
  const height = 132;
  let y = wanted.y;
  const isTaken = (): boolean =>
    file.nodes.some(({ position }) => Math.abs(position.x - wanted.x) < cardWidth && Math.abs(position.y - y) < height);
  for (let tries = 0; tries < 200 && isTaken(); tries += 1) y += 32;
  return { x: wanted.x, y };
}

/** The first port of a step that leads nowhere yet. */
export function openPort(file: FlowFile, catalog: Catalog, nodeId: string): { node: string; port: string } | null {
  const node = file.nodes.find((candidate) => candidate.id === nodeId);
  const definition = node && catalog[node.type];
  if (!node || !definition) return null;
  const port = Object.keys(drawnPorts(definition, node.config)).find(
    (id) => !file.edges.some((edge) => edge.from.node === nodeId && edge.from.port === id),
  );
  return port === undefined ? null : { node: nodeId, port };
}
