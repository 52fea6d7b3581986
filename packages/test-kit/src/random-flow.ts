import { flowFile, type FlowFile } from '@holdfast/graph';
import { portsOf, type Catalog, type JsonObject } from '@holdfast/node-kit';
import fc from 'fast-check';
import { testCatalog } from './test-catalog.ts';

export interface RandomFlowOptions {
  maxNodes?: number;
  maxSteps?: number;
  joins?: readonly ('all' | 'any')[];
  /** What is drawn instead of `testCatalog`'s steps; the more often a kind is named, the more often it comes up. */
  drawn?: { catalog: Catalog; start: StepKind; kinds: readonly StepKind[] };
  /** Without, no connection leads back to a step drawn earlier. */
  hasCycles?: boolean;
}

export interface StepKind {
  type: string;
  config: JsonObject;
}

/**
 * A flow of `testCatalog`'s steps, drawn at random: forks, joins, cycles, waits, dead ends, steps that no way leads to. It
 * always has a trigger with at least one connection; what else is wrong with it is up to chance.
 */
export function randomFlow(options: RandomFlowOptions = {}): fc.Arbitrary<FlowFile> {
  const { maxNodes = 10, joins = ['all', 'any'] } = options;
  const ofTests = ['choose', 'choose', 'call', 'call', 'pause', 'stop'].map((type) => ({ type, config: {} }));
  const kind = fc.constantFrom(...(options.drawn?.kinds ?? [...ofTests, ...joins.map((mode) => ({ type: 'meet', config: { mode } }))]));
  return fc.array(kind, { minLength: 2, maxLength: maxNodes }).chain((kinds) => {
    const count = kinds.length + 1;
    const target = fc.nat({ max: 10_000 });
    const edge = fc.record({ from: fc.nat({ max: count - 1 }), port: fc.nat({ max: 5 }), target });
    return fc
      .record({ first: target, edges: fc.array(edge, { minLength: count, maxLength: count * 3 }) })
      .map(({ first, edges }) => draw(kinds, [{ from: 0, port: 0, target: first }, ...edges], options));
  });
}

/** The same flows for the same seed. */
export const sampleFlows = (options: RandomFlowOptions, { count, seed }: { count: number; seed: number }): FlowFile[] =>
  fc.sample(randomFlow(options), { numRuns: count, seed });

interface Stroke {
  from: number;
  port: number;
  target: number;
}

function draw(
  kinds: readonly StepKind[],
  strokes: readonly Stroke[],
  { hasCycles = true, maxSteps = 80, drawn }: RandomFlowOptions,
): FlowFile {
  const catalog = drawn?.catalog ?? testCatalog;
  const nodes = [drawn?.start ?? { type: 'begin', config: {} }, ...kinds].map(({ type, config }, index) => ({
    id: `n${index}`,
    type,
    typeVersion: catalog[type]?.typeVersion ?? 1,
    name: `${type} ${index}`,
    config,
    position: { x: index * 280, y: 0 },
  }));
  const edges = strokes.flatMap(({ from, port, target }) => {
    const lowest = hasCycles ? 1 : from + 1;
    const source = nodes[from];
    const definition = catalog[source?.type ?? ''];
    if (!source || !definition || lowest >= nodes.length) return [];
    const ports = Object.keys(portsOf(definition, source.config));
    const left = ports[port % Math.max(ports.length, 1)];
    return left === undefined
      ? []
      : [{ from: { node: source.id, port: left }, to: { node: `n${lowest + (target % (nodes.length - lowest))}` } }];
  });
  const unique = new Map(edges.map((edge) => [`${edge.from.node} ${edge.from.port} ${edge.to.node}`, edge]));
  return flowFile.parse({
    format: 'holdfast.flow/1',
    name: 'Random flow',
    settings: { maxSteps },
    nodes,
    edges: [...unique.values()].map((edge, index) => ({ id: `e${index + 1}`, ...edge })),
  });
}
