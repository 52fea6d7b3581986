import type { Catalog } from '@holdfast/node-kit';
import { titleAt } from './checks/check-settings.ts';
import { currentPorts } from './checks/flow-view.ts';
import { isDeepEqual } from './is-deep-equal.ts';
import type { FlowEdge, FlowFile, FlowNode } from './flow-file.ts';

export interface FlowChange {
  kind: 'added' | 'removed' | 'changed' | 'settings' | 'connections';
  node?: string;
  /** For people, a sentence. */
  text: string;
}

/** What publishing `after` would change for customers, against `before`: not where things stand on the canvas, nor notes. */
export function diffFlows(before: FlowFile, after: FlowFile, catalog: Catalog): FlowChange[] {
  return [...diffNodes(before, after, catalog), ...diffEdges(before, after, catalog), ...diffSettings(before, after)];
}

const definitionOf = (catalog: Catalog, type: string | undefined) =>
  type !== undefined && Object.hasOwn(catalog, type) ? catalog[type] : undefined;

function diffNodes(before: FlowFile, after: FlowFile, catalog: Catalog): FlowChange[] {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const kept = new Set(after.nodes.map((node) => node.id));
  return [
    ...after.nodes.flatMap((node): FlowChange[] => {
      const was = old.get(node.id);
      return was ? diffNode(was, node, catalog) : [{ kind: 'added', node: node.id, text: `"${node.name}" is new.` }];
    }),
    ...before.nodes
      .filter((node) => !kept.has(node.id))
      .map((node): FlowChange => ({ kind: 'removed', node: node.id, text: `"${node.name}" is gone.` })),
  ];
}

function diffNode(was: FlowNode, is: FlowNode, catalog: Catalog): FlowChange[] {
  const at = { kind: 'changed' as const, node: is.id };
  if (was.type !== is.type) return [{ ...at, text: `"${is.name}" does something else now.` }];
  const fields = [...new Set([...Object.keys(was.config), ...Object.keys(is.config)])].filter(
    (field) => !isDeepEqual(was.config[field], is.config[field]),
  );
  const schema = definitionOf(catalog, is.type)?.config;
  const titles = fields.map((field) => (schema && titleAt(schema, [field])) ?? field);
  return [
    ...(was.name === is.name ? [] : [{ ...at, text: `"${was.name}" is now called "${is.name}".` }]),
    ...(fields.length === 0 ? [] : [{ ...at, text: `"${is.name}" has other settings: ${titles.join(', ')}.` }]),
  ];
}

function portLabel(file: FlowFile, { node: id, port }: FlowEdge['from'], catalog: Catalog): string {
  const node = file.nodes.find((candidate) => candidate.id === id);
  const definition = definitionOf(catalog, node?.type);
  return (node && definition && currentPorts(definition, node.config)?.[port]?.label) || port;
}

function diffEdges(before: FlowFile, after: FlowFile, catalog: Catalog): FlowChange[] {
  const names = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, node.name]));
  const way = (edge: FlowEdge): string => `${edge.from.node} ${edge.from.port} ${edge.to.node}`;
  const told = (file: FlowFile, edge: FlowEdge, verb: string): FlowChange => ({
    kind: 'connections',
    node: edge.from.node,
    text: `"${names.get(edge.from.node)}" ${verb} to "${names.get(edge.to.node)}" (${portLabel(file, edge.from, catalog)}).`,
  });
  const [old, now] = [new Set(before.edges.map(way)), new Set(after.edges.map(way))];
  return [
    ...after.edges.filter((edge) => !old.has(way(edge))).map((edge) => told(after, edge, 'leads now')),
    ...before.edges.filter((edge) => !now.has(way(edge))).map((edge) => told(before, edge, 'no longer leads')),
  ];
}

/** Versions from before there was a choice don't name one. */
const laneOf = ({ settings }: FlowFile): FlowFile['settings']['lane'] => settings.lane ?? 'auto';
const laneTexts = {
  auto: 'begin in the way that suits their start',
  express: 'begin fast',
  temporal: 'begin in the background',
} as const;

const quietOf = ({ settings }: FlowFile): string => settings.sessionTimeout ?? '0s';
const typesOf = ({ settings }: FlowFile): boolean => settings.typing ?? true;

function diffSettings(before: FlowFile, after: FlowFile): FlowChange[] {
  const texts = [
    before.name === after.name ? null : `The flow is now called "${after.name}".`,
    before.description === after.description ? null : 'The description is new.',
    before.settings.mergeBurst === after.settings.mergeBurst
      ? null
      : `Messages that come within ${after.settings.mergeBurst} are answered together (was ${before.settings.mergeBurst}).`,
    before.settings.onExhausted === after.settings.onExhausted
      ? null
      : `When a step gives up, the run ${after.settings.onExhausted === 'pause' ? 'waits for a person' : 'ends'}.`,
    quietOf(before) === quietOf(after)
      ? null
      : quietOf(after) === '0s'
        ? 'A quiet conversation ends by the time of its questions alone.'
        : `A conversation that is quiet for ${quietOf(after)} ends.`,
    typesOf(before) === typesOf(after) ? null : `Customers ${typesOf(after) ? 'see' : 'don’t see'} that somebody is typing.`,
    before.settings.maxSteps === after.settings.maxSteps
      ? null
      : `A run may take ${after.settings.maxSteps} steps (was ${before.settings.maxSteps}).`,
    laneOf(before) === laneOf(after) ? null : `Runs ${laneTexts[laneOf(after)]}.`,
  ];
  return texts.flatMap((text): FlowChange[] => (text === null ? [] : [{ kind: 'settings', text }]));
}
